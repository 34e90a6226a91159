//! Files beside the lines of the run sheet: what was seen, kept as pictures and logs.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use uuid::Uuid;

use super::address;
use super::lines::name;
use crate::domain::answer::Evidence;
use crate::domain::command::Command;
use crate::domain::condition::Condition;
use crate::domain::demonstration::command::DemonstrationCommand;
use crate::domain::demonstration::judge::Judge;
use crate::domain::demonstration::sheet::{Line, file_rule};
use crate::domain::demonstration::{Demonstration, DemonstrationAct};
use crate::domain::product::Product;
use crate::domain::refusal::Refusal;
use crate::domain::words::FileId;
use crate::error::Error;
use crate::secret::new_id;
use crate::store::file::content_type;
use crate::web::ctx::{SignedIn, see_other_with};
use crate::web::evidence;
use crate::web::files::attachment;
use crate::web::form::{Fields, Posted, PostedFile, Problems};
use crate::web::frame::Frame;
use crate::web::page::{ok, unprocessable};
use crate::web::reviews::for_team;
use crate::web::session::said;
use crate::words::size;

#[derive(Template)]
#[template(path = "run_sheet/files.html")]
struct FilesPage {
    frame: Frame,
    sheet: String,
    product_name: String,
    /// Identifier of the line, and as people say it.
    line: (&'static str, String),
    ask: &'static str,
    files: Vec<FileLink>,
    hint: String,
    accept: String,
}

/// A file that can be opened.
pub struct FileLink {
    /// Its address.
    pub href: String,
    /// Its name.
    pub name: String,
    /// "120KB".
    pub size: String,
}

/// The files beside a line of a test.
#[must_use]
pub fn links(product: &Product, test: &Demonstration, line: &str) -> Vec<FileLink> {
    let href = |file: &Evidence| format!("{}/{}", at(product, line), file.id);
    let view = |file: &Evidence| FileLink { href: href(file), name: file.name.clone(), size: size(file.size) };
    test.files_of(line).iter().map(view).collect()
}

/// The page of the files beside a line.
#[must_use]
pub fn at(product: &Product, line: &str) -> String {
    format!("{}/run-sheet/{line}/files", address(product))
}

/// A product and a line of its sheet, where files can be put now.
async fn open(me: &SignedIn, reference: &str, line: &str) -> Result<(Product, &'static Line), Error> {
    let product = for_team(me, reference).await?;
    let line = Line::find(line).ok_or(Error::NotFound)?;
    let setting = me.app.rules.setting(&product, me.now)?;
    Judge { setting: &setting, actor: &me.actor, product: &product }.offer(DemonstrationAct::Attach)?;
    Ok((product, line))
}

fn files_page(me: &SignedIn, product: &Product, line: &'static Line) -> FilesPage {
    let rule = file_rule();
    FilesPage {
        frame: me.frame(format!("Files of line {} – {}", name(line.id), product.facts.name)),
        sheet: format!("{}/run-sheet#line-{}", address(product), line.id),
        product_name: product.facts.name.clone(),
        line: (line.id, name(line.id)),
        ask: line.ask,
        files: links(product, product.demonstration(), line.id),
        hint: evidence::words(&rule),
        accept: evidence::accept(&rule),
    }
}

/// The files beside a line, and a form for another one.
pub async fn list(me: SignedIn, path: Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (product, line) = open(&me, &path.0, &path.1).await?;
    ok(&files_page(&me, &product, line))
}

/// Puts a file beside a line.
pub async fn add(me: SignedIn, path: Path<(String, String)>, posted: Posted) -> Result<HttpResponse, Error> {
    let (product, line) = open(&me, &path.0, &path.1).await?;
    let mut problems = Problems::default();
    let chosen = posted.files.into_iter().find(|file| file.field == "file");
    let kept = match chosen {
        Some(file) => keep(&me, file).await?,
        None => Err("Select a file".to_owned()),
    };
    if let Some(file) = problems.take("file", kept) {
        let title = format!("{} is beside line {}", file.name, name(line.id));
        let command = DemonstrationCommand::Attach(line.id.to_owned(), file);
        match me.act(&product.reference, &Command::Demonstration(command)).await {
            Ok(product) => return Ok(see_other_with(&me, &at(&product, line.id), &said(title))),
            Err(Error::Refused(Refusal::Missing(condition @ Condition::RoomForFile))) => problems.add("file", condition.sentence()),
            Err(error) => return Err(error),
        }
    }
    let mut template = files_page(&me, &product, line);
    template.frame.problems = problems.0;
    unprocessable(&template)
}

/// Looks at an upload and keeps its bytes.
async fn keep(me: &SignedIn, mut file: PostedFile) -> Result<Result<Evidence, String>, Error> {
    if let Err(sentence) = evidence::check(&file_rule(), &mut file).await? {
        return Ok(Err(sentence));
    }
    let content = file.content.ok_or(Error::NotFound)?;
    let size = content.size();
    let digest = me.app.files.keep(content).await?;
    Ok(Ok(Evidence { id: FileId(new_id()), name: file.name, digest, size }))
}

/// Takes a file away from a line. A second press finds it gone.
pub async fn remove(me: SignedIn, path: Path<(String, String, Uuid)>, _fields: Fields) -> Result<HttpResponse, Error> {
    let (reference, line, file) = path.into_inner();
    let (product, line) = open(&me, &reference, &line).await?;
    let command = DemonstrationCommand::Detach(line.id.to_owned(), FileId(file));
    let product = me.act(&product.reference, &Command::Demonstration(command)).await?;
    Ok(see_other_with(&me, &at(&product, line.id), &said("The file has been removed".to_owned())))
}

/// Sends a file: to staff, and to the supplier who reads why a test was not passed.
pub async fn download(me: SignedIn, path: Path<(String, String, Uuid)>) -> Result<HttpResponse, Error> {
    let (reference, line, id) = path.into_inner();
    let product = me.visible().product(&reference).await?;
    let is_read = |test: &&Demonstration| me.actor.sees_all() || test.tells_of(&line);
    let files = product.demonstrations.iter().filter(is_read).flat_map(|test| test.files_of(&line));
    let file = files.into_iter().find(|file| file.id == FileId(id)).ok_or(Error::NotFound)?;
    attachment(&me.app, &file.digest, (&file.name, content_type(&file.name))).await
}
