// What a supplier might type and upload, found from the words on the page: labels, hints, kinds of field.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";

const DAY = 24 * 60 * 60 * 1000;
const WORDS =
  "A named person on our team is responsible for this, and a second person checks the work before each release. " +
  "We write down what was decided, by whom and when, in our quality system, and we look at it again every 3 months. " +
  "On weekdays from 8am to 6pm our service desk answers the telephone; at weekends and on bank holidays an engineer is on call. " +
  "Customers hear from us by email at least 10 working days before a planned change, and at once when something is wrong. " +
  "Everything that a user does is logged with the time, and the logs are kept for 8 years.";

/** What to type for a field that is a line or a text. */
export function text_for(field) {
  const words = `${field.legend} ${field.label}`.toLowerCase();
  if (field.kind === "email") {
    return words.includes("desk") ? "servicedesk@wardlight.example.com" : "clinical.safety@wardlight.example.com";
  }
  if (field.kind === "tel") {
    return "01632 960 001";
  }
  if (field.kind === "url") {
    const page = words.includes("public keys") ? "/keys" : words.includes("logout") ? "/logout" : words.includes("privacy") ? "/privacy" : "/";
    return `https://test.wardlight.example.com${page}`;
  }
  if (field.kind === "textarea") {
    if (words.includes("redirect uris")) {
      return "https://test.wardlight.example.com/signed-in\nhttps://test.wardlight.example.com/signed-in/again";
    }
    return `${field.label.trim()} ${WORDS}`.slice(0, Math.min(640, field.most));
  }
  return line_for(words, field);
}

function line_for(words, field) {
  if (/registration number/.test(words)) {
    return "7012345";
  }
  if (/client id/.test(words)) {
    return "wardlight-int.01";
  }
  if (/^\s*who is/.test(words)) {
    return "Dr Mary O'Neill-Brown";
  }
  if (field.inputmode === "decimal") {
    return /enter 0/i.test(field.hint) ? "0" : /minutes/.test(words) ? "15" : "8";
  }
  return "Northgate Testing Limited, led by Alex Grey";
}

/** Day, month and year for a date: expiry lies ahead, everything else behind. */
export function date_for(words) {
  const days = /expir/i.test(words) ? 200 : -40;
  const date = new Date(Date.now() + days * DAY);
  return [date.getUTCDate(), date.getUTCMonth() + 1, date.getUTCFullYear()].map(String);
}

// ---- Files ----

function pdf() {
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
  ];
  let text = "%PDF-1.4\n";
  const places = objects.map((object, i) => {
    const place = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const start = text.length;
  const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  text += `xref\n0 4\n0000000000 65535 f \n${table}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, "latin1");
}

function png() {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const frame = Buffer.alloc(8 + body.length);
    frame.writeUInt32BE(data.length, 0);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc32(body), 4 + body.length);
    return frame;
  };
  // 1 by 1, 8 bits of grey.
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(Buffer.from([0, 128]))), chunk("IEND", Buffer.alloc(0))]);
}

/** A ZIP container with its parts stored as they are. */
function zip(parts) {
  const locals = [];
  const centrals = [];
  let offset = 0;
  for (const [name, text] of parts) {
    const data = Buffer.from(text, "utf8");
    const title = Buffer.from(name, "utf8");
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x21, 8); // 1 January 1980
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(title.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, title, data]);
    centrals.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, tail, title]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

function office(part, type, content) {
  const main = `application/vnd.openxmlformats-officedocument.${type}.main+xml`;
  const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument";
  const packaged = "http://schemas.openxmlformats.org/package/2006";
  return zip([
    [
      "[Content_Types].xml",
      `<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
        `<Override PartName="/${part}" ContentType="${main}"/></Types>`,
    ],
    ["_rels/.rels", `<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${relations}" Target="${part}"/></Relationships>`],
    [part, content],
  ]);
}

function open_document(kind) {
  const type = `application/vnd.oasis.opendocument.${kind}`;
  const names = "urn:oasis:names:tc:opendocument:xmlns";
  return zip([
    ["mimetype", type],
    ["META-INF/manifest.xml", `<m:manifest xmlns:m="${names}:manifest:1.0"><m:file-entry m:full-path="/" m:media-type="${type}"/></m:manifest>`],
    ["content.xml", `<o:document-content xmlns:o="${names}:office:1.0"><o:body><o:${kind}/></o:body></o:document-content>`],
  ]);
}

const SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const LETTERS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const MAKERS = {
  pdf,
  png,
  csv: () => Buffer.from("hazard,severity,control\nWrong role,3,Role shown on every page\n", "utf8"),
  docx: () => office("word/document.xml", "wordprocessingml.document", `<w:document xmlns:w="${LETTERS}"><w:body/></w:document>`),
  xlsx: () => office("xl/workbook.xml", "spreadsheetml.sheet", `<workbook xmlns="${SHEETS}"><sheets/></workbook>`),
  odt: () => open_document("text"),
  ods: () => open_document("spreadsheet"),
};

let made = 0;

/** Writes a small real file of a kind that the field accepts, a different kind each time, and gives its name and path. */
export function file_for(accept, folder) {
  const kinds = accept.split(",").map((ending) => ending.trim().replace(/^\./, "")).filter((ending) => Object.hasOwn(MAKERS, ending));
  if (kinds.length === 0) {
    throw new Error(`No sample file is of a kind in “${accept}”.`);
  }
  const kind = kinds[made % kinds.length];
  made += 1;
  const name = `evidence-${made}.${kind}`;
  const path = join(folder, name);
  writeFileSync(path, MAKERS[kind]());
  return { name, path };
}
