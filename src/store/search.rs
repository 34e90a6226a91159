//! Full-text search over products, suppliers, certificates and answers: the one place with a text for each database.
//!
//! The rows are kept by the triggers of migration `m0006_search`. PostgreSQL finds them by its GIN indexes over `words`,
//! SQLite by its FTS5 table `search_index`. Of a word that many have, 1,000 rows are looked at in each of two arms: names
//! (products, suppliers, certificates) and answers, so that no number of answers hides a name. On PostgreSQL with 10,000
//! products and 300,000 answers a search took 6 to 18 ms, and 107 ms for two words that every answer holds, on a machine
//! that was busy with other things.

use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{DbBackend, FromQueryResult, Statement, Value};

use super::Db;
use super::interest::of_interest;
use super::row::known;
use super::visible::{PAGE, Page, Visible, at_least_one};
use crate::domain::query::{Query, Term};
use crate::error::Error;
use crate::words;

words! {
    /// What was found.
    pub enum FoundKind {
        /// A product.
        Product = "product",
        /// A supplier.
        Supplier = "supplier",
        /// A certificate that was issued.
        Certificate = "certificate",
        /// An answer.
        Answer = "answer",
    }
}

/// Around a word that matched: two characters of a private area, which become marks only where a page is made.
pub const MARKS: (char, char) = ('\u{e000}', '\u{e001}');

/// Something that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// What it is.
    pub kind: FoundKind,
    /// Key of the question, or number of the certificate.
    pub name: String,
    /// Reference and name of the product, if it is about one.
    pub product: Option<(String, String)>,
    /// The supplier: identifier and name.
    pub organisation: (Uuid, String),
    /// Its title with [`MARKS`]; empty for an answer.
    pub title: String,
    /// A part of its words with [`MARKS`].
    pub part: String,
}

#[derive(FromQueryResult)]
struct Row {
    kind: String,
    name: String,
    organisation_id: Uuid,
    organisation_name: String,
    reference: Option<String>,
    product_name: Option<String>,
    title: String,
    part: String,
    total: i64,
}

impl Visible<'_> {
    /// A page of what matches, the best match first, of what the actor may see: everything for staff who see all
    /// products, the own organisations' for suppliers. One statement.
    pub async fn search(&self, query: &Query, page: u64) -> Result<Page<Found>, Error> {
        let number = at_least_one(page);
        let own: Vec<Uuid> = self.actor.memberships().keys().map(|id| id.0).collect();
        if query.is_empty() || (own.is_empty() && !self.actor.sees_all()) {
            return Ok(Page { rows: Vec::new(), total: 0, number });
        }
        let whose = match (self.actor.sees_all(), of_interest(self.actor)) {
            (false, _) => Whose::Own(own),
            (true, None) => Whose::All,
            (true, Some(_)) => Whose::WithoutInterest(self.actor.person().0),
        };
        let statement = if self.db.is_embedded() { sqlite(query, whose, number) } else { postgres(query, whose, number) };
        let rows = Row::find_by_statement(statement).all(self.read()).await?;
        let total = rows.first().map_or(0, |r| u64::try_from(r.total).unwrap_or_default());
        let rows = rows.into_iter().map(Row::found).collect::<Result<_, _>>()?;
        Ok(Page { rows, total, number })
    }
}

impl Row {
    fn found(self) -> Result<Found, Error> {
        Ok(Found {
            kind: known(&self.kind, FoundKind::from_word(&self.kind))?,
            name: self.name,
            product: self.reference.zip(self.product_name),
            organisation: (self.organisation_id, self.organisation_name),
            title: self.title,
            part: self.part,
        })
    }
}

/// Whose rows are looked for.
enum Whose {
    /// Everybody's.
    All,
    /// Those of some organisations.
    Own(Vec<Uuid>),
    /// All but those of suppliers in which this person has an interest.
    WithoutInterest(Uuid),
}

impl Whose {
    /// The condition, with its values behind those that are there; `sign` stands before the number of a value.
    fn condition(self, values: &mut Vec<Value>, sign: char) -> String {
        let first = values.len() + 1;
        match self {
            Self::All => String::new(),
            Self::Own(own) => {
                let places: Vec<String> = (first..).take(own.len()).map(|n| format!("{sign}{n}")).collect();
                values.extend(own.into_iter().map(Value::from));
                format!("AND search.organisation_id IN ({})", places.join(", "))
            }
            Self::WithoutInterest(person) => {
                values.push(person.into());
                format!(
                    "AND search.organisation_id NOT IN \
                     (SELECT organisation_id FROM interest WHERE person_id = {sign}{first} AND ended_at IS NULL)"
                )
            }
        }
    }
}

/// Whether a column of product identifiers holds one of those whose own name or whose supplier's name has, for each typed
/// word, a word that begins so; the reference belongs to the name of a product, the code to that of a supplier. `None` when
/// nothing is typed. By the index over titles of migration `m0014_reminded`. On PostgreSQL with 110,000 products it took 1 to
/// 6 ms for a name or a supplier, and 50 to 130 ms for a word that a fifth of all names or more hold, on a busy machine.
pub(super) fn named(db: &Db, column: &str, typed: &str) -> Option<SimpleExpr> {
    if typed.trim().is_empty() {
        return None;
    }
    let words: Vec<&str> = typed.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    if words.is_empty() {
        // No name is made of marks alone.
        return Some(Expr::cust("1 = 0"));
    }
    let all = |word: &dyn Fn(&&str) -> String, and: &str| words.iter().map(word).collect::<Vec<_>>().join(and);
    let (asked, [own, theirs]) = if db.is_embedded() {
        let found = "search.id IN (SELECT rowid FROM search_title WHERE search_title MATCH ?)";
        (all(&|w| format!("\"{w}\"*"), " AND "), [found.to_owned(), found.to_owned()])
    } else {
        // As the index has it.
        let titles = "to_tsvector('simple', translate(left(search.title, 10000), '-./_@:&', '       '))";
        let found = |n: u8| format!("{titles} @@ to_tsquery('simple', ${n})");
        (all(&|w| format!("'{w}':*"), " & "), [found(1), found(2)])
    };
    let sql = format!(
        "{column} IN (SELECT search.subject FROM search WHERE search.kind = 'product' AND search.kind <> 'answer' AND {own} \
         UNION ALL SELECT made.id FROM search JOIN product AS made ON made.organisation_id = search.subject \
         WHERE search.kind = 'supplier' AND search.kind <> 'answer' AND {theirs})"
    );
    Some(Expr::cust_with_values(sql, [asked.clone(), asked]))
}

/// Rows of one arm that are looked at.
const MOST: u32 = 1_000;

/// What both databases show of the rows that were found, best first.
const SHOWN: &str = "JOIN organisation AS o ON o.id = hit.organisation_id \
     LEFT JOIN product AS p ON hit.kind <> 'supplier' AND p.id = hit.subject";

const COLUMNS: &str = "hit.kind, hit.name, hit.organisation_id, o.name AS organisation_name, p.reference, p.name AS product_name";

fn page_of(number: u64) -> String {
    format!("LIMIT {PAGE} OFFSET {}", (number - 1) * PAGE)
}

/// `websearch_to_tsquery` reads the search, `ts_rank` ranks, `ts_headline` marks.
fn postgres(query: &Query, whose: Whose, number: u64) -> Statement {
    let term = |t: &Term| format!("{}\"{}\"", if t.is_excluded { "-" } else { "" }, t.text);
    let group = |g: &Vec<Term>| g.iter().map(term).collect::<Vec<_>>().join(" ");
    let text = query.groups.iter().map(group).collect::<Vec<_>>().join(" or ");
    let (start, stop) = MARKS;
    let all = format!("StartSel=\"{start}\", StopSel=\"{stop}\", HighlightAll=true");
    let part = format!("StartSel=\"{start}\", StopSel=\"{stop}\", MinWords=15, MaxWords=35");
    let mut values: Vec<Value> = vec![text.into(), all.into(), part.into()];
    let theirs = whose.condition(&mut values, '$');
    let arm = |kinds: &str| {
        format!("(SELECT search.* FROM search, asked WHERE kind {kinds} 'answer' AND words @@ asked.q {theirs} LIMIT {MOST})")
    };
    let sql = format!(
        "WITH asked AS (SELECT websearch_to_tsquery('english', $1) AS q), hit AS ({} UNION ALL {}), best AS \
         (SELECT hit.*, ts_rank(hit.words, asked.q) AS rank, count(*) OVER () AS total FROM hit, asked \
         ORDER BY rank DESC, hit.id {}) \
         SELECT {COLUMNS}, ts_headline('english', hit.title, asked.q, $2) AS title, \
         ts_headline('english', hit.body, asked.q, $3) AS part, hit.total \
         FROM best AS hit CROSS JOIN asked {SHOWN} ORDER BY hit.rank DESC, hit.id",
        arm("<>"),
        arm("="),
        page_of(number),
    );
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}

/// FTS5's `bm25` ranks, `highlight` and `snippet` mark. Every term is a quoted string, in which nothing is an operator.
fn sqlite(query: &Query, whose: Whose, number: u64) -> Statement {
    let quoted = |t: &Term| format!("\"{}\"", t.text.replace('"', "\"\""));
    let group = |g: &Vec<Term>| {
        let (excluded, wanted): (Vec<&Term>, Vec<&Term>) = g.iter().partition(|t| t.is_excluded);
        let wanted = wanted.into_iter().map(quoted).collect::<Vec<_>>().join(" AND ");
        let all = std::iter::once(format!("({wanted})")).chain(excluded.into_iter().map(quoted));
        format!("({})", all.collect::<Vec<_>>().join(" NOT "))
    };
    let text = query.groups.iter().map(group).collect::<Vec<_>>().join(" OR ");
    let (start, stop) = (MARKS.0.to_string(), MARKS.1.to_string());
    let mut values: Vec<Value> = vec![text.into(), start.into(), stop.into()];
    let theirs = whose.condition(&mut values, '?');
    let arm = |kinds: &str| {
        format!(
            "SELECT * FROM (SELECT search.*, bm25(search_index, 8.0, 1.0) AS rank, \
             highlight(search_index, 0, ?2, ?3) AS marked, snippet(search_index, 1, ?2, ?3, '…', 30) AS part \
             FROM search_index JOIN search ON search.id = search_index.rowid \
             WHERE search_index MATCH ?1 AND search.kind {kinds} 'answer' {theirs} LIMIT {MOST})"
        )
    };
    let sql = format!(
        "WITH hit AS ({} UNION ALL {}) SELECT {COLUMNS}, hit.marked AS title, hit.part, count(*) OVER () AS total \
         FROM hit {SHOWN} ORDER BY hit.rank, hit.id {}",
        arm("<>"),
        arm("="),
        page_of(number),
    );
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
}
