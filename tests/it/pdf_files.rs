//! Makes PDFs by hand, good ones and hostile ones, so that no file that nobody can read lies in the repository.

use std::fmt::Write as _;

use lopdf::{Document, EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary};

/// A document in the making. Object 1 is the catalog, 2 the page tree, 3 the font, then a page and its content each.
pub struct Pdf {
    objects: Vec<(u32, Vec<u8>)>,
    trailer: String,
}

/// The phrase on every page.
pub const PHRASE: &str = "Agreement fingerprint 3f9a 77c0";

impl Pdf {
    /// A plain document of so many pages.
    pub fn of_pages(count: u32) -> Self {
        let mut pdf = Self { objects: Vec::new(), trailer: String::new() };
        pdf.put(1, "<< /Type /Catalog /Pages 2 0 R >>");
        let kids = (0..count).fold(String::new(), |mut kids, n| {
            write!(kids, "{} 0 R ", 4 + 2 * n).unwrap();
            kids
        });
        pdf.put(2, &format!("<< /Type /Pages /Kids [ {kids}] /Count {count} >>"));
        pdf.put(3, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
        for page in 0..count {
            let number = 4 + 2 * page;
            pdf.put(
                number,
                &format!(
                    "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 595 842 ] /Contents {} 0 R \
                     /Resources << /Font << /F1 3 0 R >> >> >>",
                    number + 1
                ),
            );
            let (first, second) = PHRASE.split_at(14);
            let text = format!("BT /F1 12 Tf 72 720 Td ({first}) Tj T* ({second}) Tj ET");
            pdf.put(number + 1, &format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()));
        }
        pdf
    }

    /// Puts or replaces an object.
    pub fn put(&mut self, number: u32, value: &str) {
        self.put_bytes(number, value.as_bytes().to_vec());
    }

    /// Puts or replaces an object.
    pub fn put_bytes(&mut self, number: u32, value: Vec<u8>) {
        self.objects.retain(|(n, _)| *n != number);
        self.objects.push((number, value));
    }

    /// Puts a packed stream whose dictionary has these entries too.
    pub fn put_packed(&mut self, number: u32, entries: &str, content: Vec<u8>) {
        let mut stream = Stream::new(dictionary! {}, content);
        stream.compress().unwrap();
        // What is too short to gain by it stays as it is.
        let filter = if stream.dict.has(b"Filter") { "/Filter /FlateDecode" } else { "" };
        let mut value = format!("<< {entries} {filter} /Length {} >>\nstream\n", stream.content.len()).into_bytes();
        value.extend(&stream.content);
        value.extend(b"\nendstream");
        self.put_bytes(number, value);
    }

    /// Puts objects into a packed stream of objects.
    pub fn put_members(&mut self, number: u32, entries: &str, members: &[(u32, String)]) {
        let (mut index, mut body) = (String::new(), String::new());
        for (member, value) in members {
            write!(index, "{member} {} ", body.len()).unwrap();
            writeln!(body, "{value}").unwrap();
        }
        let entries = format!("{entries} /N {} /First {}", members.len(), index.len());
        self.put_packed(number, &entries, (index + &body).into_bytes());
    }

    /// Puts an object once more under another number.
    pub fn put_copy(&mut self, from: u32, number: u32) {
        let value = self.objects.iter().find(|(n, _)| *n == from).unwrap().1.clone();
        self.put_bytes(number, value);
    }

    /// Adds entries to the trailer.
    pub fn trailer(&mut self, entries: &str) {
        self.trailer.push_str(entries);
    }

    /// The file, with a plain table.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
        self.write(&mut out, "");
        out
    }

    /// This document's objects as a later revision of a file.
    pub fn appended_to(&self, file: &[u8]) -> Vec<u8> {
        let before = last_table(file);
        let mut out = file.to_vec();
        self.write(&mut out, &format!("/Prev {before}"));
        out
    }

    fn write(&self, out: &mut Vec<u8>, previous: &str) {
        let mut table = String::from("xref\n0 1\n0000000000 65535 f \n");
        for (number, value) in &self.objects {
            write!(table, "{number} 1\n{:010} 00000 n \n", out.len()).unwrap();
            out.extend(format!("{number} 0 obj\n").bytes());
            out.extend(value);
            out.extend(b"\nendobj\n");
        }
        let start = out.len();
        let size = self.objects.iter().map(|(n, _)| n + 1).max().unwrap_or(1);
        out.extend(table.bytes());
        let trailer = &self.trailer;
        out.extend(format!("trailer\n<< /Size {size} /Root 1 0 R {previous} {trailer} >>\nstartxref\n{start}\n%%EOF\n").bytes());
    }

    /// The file, with a table that is a stream and says which objects are in which stream of objects.
    pub fn bytes_with_members(&self, members: &[(u32, u32)]) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
        let mut rows: Vec<(u32, [u8; 6])> = vec![(0, [0; 6])];
        let row = |kind: u8, value: usize, last: u8| {
            let [a, b, c, d] = u32::try_from(value).unwrap().to_be_bytes();
            [kind, a, b, c, d, last]
        };
        for (number, value) in &self.objects {
            rows.push((*number, row(1, out.len(), 0)));
            out.extend(format!("{number} 0 obj\n").bytes());
            out.extend(value);
            out.extend(b"\nendobj\n");
        }
        for (place, (member, stream)) in members.iter().enumerate() {
            rows.push((*member, row(2, *stream as usize, u8::try_from(place).unwrap())));
        }
        let number = rows.iter().map(|(n, _)| n + 1).max().unwrap();
        let start = out.len();
        rows.push((number, row(1, start, 0)));
        let index: Vec<String> = rows.iter().map(|(n, _)| format!("{n} 1")).collect();
        let table: Vec<u8> = rows.iter().flat_map(|(_, row)| *row).collect();
        out.extend(
            format!(
                "{number} 0 obj\n<< /Type /XRef /Size {} /W [ 1 4 1 ] /Index [ {} ] /Root 1 0 R /Length {} >>\nstream\n",
                number + 1,
                index.join(" "),
                table.len()
            )
            .bytes(),
        );
        out.extend(table);
        out.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").bytes());
        out
    }
}

/// Where the last table of a file begins.
fn last_table(file: &[u8]) -> usize {
    let text = String::from_utf8_lossy(file);
    let (_, after) = text.rsplit_once("startxref\n").unwrap();
    after.lines().next().unwrap().parse().unwrap()
}

/// A document whose catalog opens with this action.
pub fn with_action(action: &str) -> Vec<u8> {
    let mut pdf = Pdf::of_pages(5);
    pdf.put(1, &format!("<< /Type /Catalog /Pages 2 0 R /OpenAction {action} >>"));
    pdf.bytes()
}

/// A document whose fillings are in a stream of objects: this value is object 30.
pub fn with_member(value: &str, kind: &str) -> Vec<u8> {
    let mut pdf = Pdf::of_pages(5);
    pdf.put(1, "<< /Type /Catalog /Pages 2 0 R /OpenAction 30 0 R >>");
    pdf.put_members(20, kind, &[(30, value.to_owned()), (31, "<< /Producer (a) >>".to_owned())]);
    pdf.bytes_with_members(&[(30, 20), (31, 20)])
}

/// A document that is encrypted with this password for opening it.
pub fn encrypted(password: &str) -> Vec<u8> {
    let mut document = Document::load_mem(&Pdf::of_pages(5).bytes()).unwrap();
    let id = || Object::string_literal("0123456789abcdef");
    document.trailer.set("ID", vec![id(), id()]);
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: password,
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}

/// A document with a signature as a signing program adds it: a later revision with a filled field.
pub fn signed(value: &str) -> Vec<u8> {
    let mut change = Pdf { objects: Vec::new(), trailer: String::new() };
    change.put(1, "<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [ 20 0 R ] >> >>");
    change.put(20, &format!("<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /Rect [ 0 0 0 0 ] {value} >>"));
    change
        .put(21, "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /Contents <00FF> /Reference [ 20 0 R ] >>");
    change.appended_to(&Pdf::of_pages(5).bytes())
}
