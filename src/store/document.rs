//! The files of answers as documents: a file that takes the place of another is its next version.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::ActiveValue::Set;
use sea_orm::prelude::{ChronoDateTimeUtc, Uuid};
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, Func, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    RelationDef, Select,
};

use super::Write;
use super::batch::{BATCH, Batch};
use super::file::content_type;
use super::row::count;
use super::schema::{answer, file, person, product};
use super::visible::{PAGE, Page, Visible, at_least_one};
use crate::domain::answer::{Evidence, Value};
use crate::domain::catalogue::FileRule;
use crate::domain::command::By;
use crate::domain::product::Product;
use crate::domain::reuse::Origin;
use crate::domain::words::{FileId, ProductId};
use crate::error::Error;

/// Writes the rows of an answer's files, before the answer itself; those that are there stay as they are.
pub(super) async fn keep_rows(
    write: &Write,
    product: ProductId,
    (question, files): (&str, &[Evidence]),
    by: By,
) -> Result<(), Error> {
    if files.is_empty() {
        return Ok(());
    }
    let rows = file::Entity::find().filter(file::Column::ProductId.eq(product.0)).filter(file::Column::Question.eq(question));
    let rows = rows.order_by_asc(file::Column::At).order_by_asc(file::Column::Version).all(&write.0).await?;
    let new: Vec<&Evidence> = files.iter().filter(|f| rows.iter().all(|row| row.id != f.id.0)).collect();
    if new.is_empty() {
        return Ok(());
    }
    let before = answer::Entity::find_by_id((product.0, question.to_owned())).one(&write.0).await?;
    let before: BTreeSet<Uuid> = match before.and_then(|row| row.value).map(serde_json::from_value).transpose()? {
        Some(Value::Files { files, .. }) => files.into_iter().map(|f| f.id.0).collect(),
        Some(_) | None => BTreeSet::new(),
    };
    let places = Documents::left(&rows, &before, files).places(&new);
    let rows = new.into_iter().zip(places).map(|(f, (document, version))| file::ActiveModel {
        id: Set(f.id.0),
        product_id: Set(product.0),
        question: Set(question.to_owned()),
        name: Set(f.name.clone()),
        digest: Set(f.digest.clone()),
        size: Set(i64::try_from(f.size).unwrap_or(i64::MAX)),
        content_type: Set(content_type(&f.name).to_owned()),
        by_id: Set(by.person.0),
        at: Set(by.at),
        document_id: Set(Some(document)),
        version: Set(version),
    });
    file::Entity::insert_many(rows).exec_without_returning(&write.0).await?;
    Ok(())
}

/// The documents of an answer that have no file in it any more, by their newest files.
struct Documents {
    newest: Vec<file::Model>,
    vacated: BTreeSet<Uuid>,
}

impl Documents {
    /// What is left out of an answer with these files, when `before` were in it. Where nothing was, the document that was
    /// uploaded last counts as having left just now.
    fn left(rows: &[file::Model], before: &BTreeSet<Uuid>, files: &[Evidence]) -> Self {
        let mut newest: BTreeMap<Uuid, &file::Model> = BTreeMap::new();
        for row in rows {
            newest.insert(row.document_id.unwrap_or(row.id), row);
        }
        let mut newest: Vec<file::Model> = newest.into_values().cloned().collect();
        newest.sort_by_key(|row| row.at);
        newest.retain(|row| files.iter().all(|f| f.id.0 != row.id));
        let gone = newest.iter().filter(|row| before.contains(&row.id)).map(|row| row.id);
        let vacated = if before.is_empty() { newest.last().map(|row| row.id).into_iter().collect() } else { gone.collect() };
        Self { newest, vacated }
    }

    /// Document and version of each new file: of the same name first, then in the place of what left.
    fn places(mut self, new: &[&Evidence]) -> Vec<(Uuid, i32)> {
        let named = new.iter().map(|f| self.take(|row, _| row.name.to_lowercase() == f.name.to_lowercase())).collect::<Vec<_>>();
        let place = |(f, named): (&&Evidence, Option<(Uuid, i32)>)| {
            named.or_else(|| self.take(|row, vacated| vacated.contains(&row.id))).unwrap_or((f.id.0, 1))
        };
        new.iter().zip(named).map(place).collect()
    }

    fn take(&mut self, is_it: impl Fn(&file::Model, &BTreeSet<Uuid>) -> bool) -> Option<(Uuid, i32)> {
        let place = self.newest.iter().position(|row| is_it(row, &self.vacated))?;
        let row = self.newest.remove(place);
        Some((row.document_id.unwrap_or(row.id), row.version + 1))
    }
}

/// One version of a file of a product.
#[derive(Clone, Debug)]
pub struct FileVersion {
    /// Which upload.
    pub id: FileId,
    /// Question that it was added to.
    pub question: String,
    /// Name.
    pub name: String,
    /// SHA-256 of the bytes, in lower-case hexadecimal.
    pub digest: String,
    /// Bytes.
    pub size: u64,
    /// Who added it.
    pub by: String,
    /// When.
    pub at: ChronoDateTimeUtc,
    /// Which version of its document, from 1.
    pub version: u32,
    /// The newest version of it.
    pub newest: u32,
    /// The product that it is a file of.
    pub product: Origin,
}

#[derive(FromQueryResult)]
struct Listed {
    id: Uuid,
    question: String,
    name: String,
    digest: String,
    size: i64,
    at: ChronoDateTimeUtc,
    version: i32,
    newest: i32,
    by_name: Option<String>,
    reference: String,
    product_name: String,
}

/// The newest version of the document of a file.
const NEWEST: &str = "MAX(file.version) OVER (PARTITION BY COALESCE(file.document_id, file.id))";
/// The moment of the newest version: documents stand in the order of it, each with its versions.
const NEWEST_AT: &str = "MAX(file.at) OVER (PARTITION BY COALESCE(file.document_id, file.id))";
/// The place of a file among those with the same content, the newest first.
const PLACE: &str = "ROW_NUMBER() OVER (PARTITION BY file.digest ORDER BY file.at DESC, file.id DESC)";

impl Visible<'_> {
    /// A page of the files of a product, all versions; those of a document together, the newest first. Two statements.
    pub async fn files(&self, product: &Product, page: u64) -> Result<Page<FileVersion>, Error> {
        let select = file::Entity::find().filter(file::Column::ProductId.eq(product.id.0));
        let total = select.clone().count(self.read()).await?;
        let number = at_least_one(page);
        let select = listed(select)
            .order_by(Expr::cust(NEWEST_AT), Order::Desc)
            .order_by(Expr::cust("COALESCE(file.document_id, file.id)"), Order::Desc)
            .order_by_desc(file::Column::Version);
        let rows: Vec<Listed> = select.offset((number - 1) * PAGE).limit(PAGE).into_model().all(self.read()).await?;
        Ok(Page { rows: rows.into_iter().map(version).collect(), total, number })
    }

    /// A batch of the files of a product, all versions, the oldest first: what is added meanwhile comes at the end.
    pub async fn files_from(&self, product: &Product, place: u64) -> Result<Batch<FileVersion, u64>, Error> {
        let select = listed(file::Entity::find().filter(file::Column::ProductId.eq(product.id.0)));
        let select = select.order_by_asc(file::Column::At).order_by_asc(file::Column::Id);
        let rows: Vec<Listed> = select.offset(place).limit(BATCH).into_model().all(self.read()).await?;
        let next = place + rows.len() as u64;
        Ok(Batch::new(rows.into_iter().map(version).collect(), Some(next)))
    }

    /// A page of the files of this product and of the others of its organisation that a rule admits, the newest first; of
    /// several with the same content the newest. Two statements.
    pub async fn reusable_files(&self, product: &Product, rule: &FileRule, page: u64) -> Result<Page<FileVersion>, Error> {
        let ranked = Query::select()
            .expr_as(Expr::col((file::Entity, file::Column::Id)), "id")
            .expr_as(Expr::cust(PLACE), "place")
            .from(file::Entity)
            .cond_where(Condition::all().add(self.of_the_organisation(product)).add(admitted(rule)))
            .to_owned();
        let first = Query::select().column("id").from_subquery(ranked, "ranked").and_where(Expr::col("place").eq(1)).to_owned();
        let select = file::Entity::find().filter(file::Column::Id.in_subquery(first));
        let total = select.clone().count(self.read()).await?;
        let number = at_least_one(page);
        let select = listed(select).order_by_desc(file::Column::At).order_by_desc(file::Column::Id);
        let rows: Vec<Listed> = select.offset((number - 1) * PAGE).limit(PAGE).into_model().all(self.read()).await?;
        Ok(Page { rows: rows.into_iter().map(version).collect(), total, number })
    }

    /// Whether the organisation has any file in an answer; one statement.
    pub async fn has_reusable_files(&self, product: &Product) -> Result<bool, Error> {
        let select = file::Entity::find().filter(self.of_the_organisation(product));
        Ok(select.one(self.read()).await?.is_some())
    }

    /// A file of this product or another of its organisation; one statement.
    pub async fn reusable_file(&self, product: &Product, id: FileId) -> Result<FileVersion, Error> {
        let select = file::Entity::find_by_id(id.0).filter(self.of_the_organisation(product));
        let row: Option<Listed> = listed(select).into_model().one(self.read()).await?;
        row.map(version).ok_or(Error::NotFound)
    }

    fn of_the_organisation(&self, product: &Product) -> SimpleExpr {
        let products = self.products_of(product).select_only().column(product::Column::Id).into_query();
        file::Column::ProductId.in_subquery(products)
    }
}

/// The columns of [`Listed`].
fn listed(select: Select<file::Entity>) -> Select<file::Entity> {
    let by: RelationDef = file::Entity::belongs_to(person::Entity).from(file::Column::ById).to(person::Column::Id).into();
    let of: RelationDef = file::Entity::belongs_to(product::Entity).from(file::Column::ProductId).to(product::Column::Id).into();
    select
        .join(JoinType::LeftJoin, by)
        .join(JoinType::InnerJoin, of)
        .select_only()
        .columns([file::Column::Id, file::Column::Question, file::Column::Name, file::Column::Digest, file::Column::Size])
        .columns([file::Column::At, file::Column::Version])
        .column_as(Expr::cust(NEWEST), "newest")
        .column_as(person::Column::Name, "by_name")
        .column_as(product::Column::Reference, "reference")
        .column_as(product::Column::Name, "product_name")
}

fn version(row: Listed) -> FileVersion {
    FileVersion {
        id: FileId(row.id),
        question: row.question,
        name: row.name,
        digest: row.digest,
        size: u64::try_from(row.size).unwrap_or_default(),
        by: row.by_name.unwrap_or_default(),
        at: row.at,
        version: count(row.version),
        newest: count(row.newest),
        product: Origin { reference: row.reference, name: row.product_name },
    }
}

/// The files that a rule admits, by name and size.
fn admitted(rule: &FileRule) -> Condition {
    let name = || Func::lower(Expr::col((file::Entity, file::Column::Name)));
    let endings = rule.kinds.iter().map(String::as_str).chain(rule.kinds.iter().any(|k| k == "jpg").then_some("jpeg"));
    let kinds = endings.fold(Condition::any(), |any, kind| any.add(Expr::expr(name()).like(format!("%.{kind}"))));
    let most = i64::try_from(rule.max_bytes()).unwrap_or(i64::MAX);
    Condition::all().add(kinds).add(file::Column::Size.between(1, most))
}
