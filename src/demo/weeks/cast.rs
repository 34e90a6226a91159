//! The people, suppliers and products that a programme of many weeks has beside those of the small demonstration.

use crate::demo::cast::{AMINA, Cast, SAM, Supplier};
use crate::domain::actor::{Duty, Membership};
use crate::domain::catalogue::Section;

/// Reviewers.
pub const STAFF: &[(Cast, Duty)] = &[
    (("Leila Haddad", LEILA, "reviewer"), Duty::Reviewer),
    (("Marcus Webb", MARCUS, "reviewer"), Duty::Reviewer),
    (("Nadia Rahman", NADIA, "reviewer"), Duty::Reviewer),
    (("Peter Nowak", PETER, "reviewer"), Duty::Reviewer),
];

const LEILA: &str = "leila.haddad@assurance.example.nhs.uk";
const MARCUS: &str = "marcus.webb@assurance.example.nhs.uk";
const NADIA: &str = "nadia.rahman@assurance.example.nhs.uk";
const PETER: &str = "peter.nowak@assurance.example.nhs.uk";

/// Suppliers.
pub const SUPPLIERS: &[Supplier] = &[
    (
        "Larkfield Digital",
        "LFD04",
        &[
            (("Ruth Bailey", "ruth.bailey@larkfield.example.com", "owner at Larkfield Digital"), Membership::Owner),
            (("Imran Ali", "imran.ali@larkfield.example.com", "editor at Larkfield Digital"), Membership::Editor),
        ],
    ),
    (
        "Stonebeck Health Systems",
        "SBH05",
        &[(("Callum Fraser", "callum.fraser@stonebeck.example.com", "owner at Stonebeck Health Systems"), Membership::Owner)],
    ),
    (
        "Oakhaven Software",
        "OKH06",
        &[
            (("Mei Tan", "mei.tan@oakhaven.example.com", "owner at Oakhaven Software"), Membership::Owner),
            (("Joe Brennan", "joe.brennan@oakhaven.example.com", "editor at Oakhaven Software"), Membership::Editor),
        ],
    ),
    ("Tidewell Clinical", "TWC07", &[(("Anna Kowalska", TIDEWELL, "owner at Tidewell Clinical"), Membership::Owner)]),
    (
        "Brightmoor Care Records",
        "BMC08",
        &[
            (("Samuel Adeyemi", "samuel.adeyemi@brightmoor.example.com", "owner at Brightmoor Care Records"), Membership::Owner),
            (("Kate Doyle", "kate.doyle@brightmoor.example.com", "editor at Brightmoor Care Records"), Membership::Editor),
        ],
    ),
];

/// Somebody who wants one summary a day.
pub const TIDEWELL: &str = "anna.kowalska@tidewell.example.com";

/// All people of this file.
pub fn people() -> impl Iterator<Item = Cast> {
    let suppliers = SUPPLIERS.iter().flat_map(|s| s.2.iter().map(|(person, _)| *person));
    suppliers.chain(STAFF.iter().map(|(person, _)| *person))
}

/// What is true of a reviewer.
pub struct Trait {
    /// Their address.
    pub email: &'static str,
    /// Usual working days for a review.
    pub pace: f64,
    /// What they review best.
    pub skills: &'static [Section],
}

/// The reviewers.
pub const TRAITS: &[Trait] = &[
    Trait { email: AMINA, pace: 1.6, skills: &[Section::DataSecurity, Section::ClinicalRisk, Section::ServiceManagement] },
    Trait { email: SAM, pace: 2.2, skills: &[Section::CoreConformance, Section::Cis2Conformance] },
    Trait { email: LEILA, pace: 1.8, skills: &[Section::Cis2Conformance, Section::CoreConformance, Section::DataSecurity] },
    Trait { email: MARCUS, pace: 3.4, skills: &[Section::ServiceManagement, Section::MedicalDevice] },
    Trait { email: NADIA, pace: 2.0, skills: &[Section::ClinicalRisk, Section::MedicalDevice] },
    Trait { email: PETER, pace: 2.8, skills: &[Section::Cis2Conformance] },
];

/// What is true of a supplier.
pub struct Voice {
    /// The word that its products begin with.
    pub brand: &'static str,
    /// How much longer than usual it takes.
    pub slower: f64,
    /// How much of the programme is its own: parts of the sum of all.
    pub share: u32,
    /// What it says otherwise than the sample answers do.
    pub words: &'static [(&'static str, &'static str)],
    /// Registered address and who signs, for suppliers that this file adds.
    pub party: Option<(&'static str, (&'static str, &'static str))>,
}

const HOST: &str = "Northgate Hosting in Leeds and Reading";
const LIBRARY: &str = "openid-client 5.6 for Node.js";
const CSO: &str = "Dr Lena Ortiz";
const TESTER: &str = "Harrier Security Ltd, led by Jo Whitfield, Principal";

/// The suppliers, first those of the small demonstration, in the order in which they are added.
pub const VOICES: &[Voice] = &[
    Voice { brand: "Wardlight", slower: 0.9, share: 4, words: &[], party: None },
    Voice {
        brand: "Medibridge",
        slower: 1.1,
        share: 4,
        words: &[(HOST, "Avonside Data Centres in Bristol and Slough"), (LIBRARY, "Spring Security 6.3"), (CSO, "Dr Paul Renner")],
        party: None,
    },
    Voice {
        brand: "Fernhill",
        slower: 1.0,
        share: 3,
        words: &[
            (HOST, "Ouse Cloud in York and Derby"),
            (LIBRARY, "Authlib 1.3 for Python"),
            (TESTER, "Pennine Testing, led by Rob Ince"),
        ],
        party: None,
    },
    Voice {
        brand: "Larkfield",
        slower: 0.8,
        share: 3,
        words: &[(HOST, "our own racks in Hull and Derby"), (CSO, "Sister Grace Boateng"), ("gmc", "nmc"), ("7123456", "09A1234E")],
        party: Some(("5 Quay Street, Hull HU1 2AA", ("Edward Larkin", "Managing Director"))),
    },
    Voice {
        brand: "Stonebeck",
        slower: 1.5,
        share: 2,
        words: &[(LIBRARY, "pac4j 6.0 for Java"), (TESTER, "Calder Cyber, led by Iona Reid"), (CSO, "Dr Amir Sadiq")],
        party: Some(("Beck House, 40 Mill Lane, Kendal LA9 4AB", ("Moira Stone", "Chief Executive"))),
    },
    Voice {
        brand: "Oakhaven",
        slower: 1.0,
        share: 3,
        words: &[(HOST, "Solent Hosting in Southampton and Reading"), (LIBRARY, "Microsoft.IdentityModel 8.0")],
        party: Some(("11 Oak Road, Exeter EX1 1AB", ("Philip Hartley", "Finance Director"))),
    },
    Voice {
        brand: "Tidewell",
        slower: 1.3,
        share: 2,
        words: &[(CSO, "Dr Helena Frost"), ("0113 496 0000", "0151 496 0123"), (TESTER, "Mersey Assurance, led by Tom Vance")],
        party: Some(("2 Tide Street, Liverpool L3 4AA", ("Beth Tideswell", "Company Secretary"))),
    },
    Voice {
        brand: "Brightmoor",
        slower: 0.9,
        share: 4,
        words: &[
            (LIBRARY, "league/oauth2-client 2.7 for PHP"),
            ("Ruth Adeyemi", "Simon Clarke"),
            (HOST, "Moorland Cloud in Leeds and Reading"),
        ],
        party: Some(("18 Moor View, Sheffield S1 2GH", ("Diana Bright", "Chief Executive"))),
    },
];

/// The place of the supplier in whose products a reviewer has declared an interest, and the reviewer.
pub const INTEREST: (usize, &str, &str) = (4, PETER, "My sister is Stonebeck’s head of sales.");

/// The place of the supplier that is party to an agreement already.
pub const ALREADY_PARTY: usize = 7;

/// Products: a word of their name and what they do.
pub const PRODUCTS: &[(&str, &str)] = &[
    ("Discharge", "Prepares summaries and medicines for patients who go home."),
    ("Bloods", "Orders blood tests and shows their results."),
    ("Imaging", "Requests scans and shows the reports beside the pictures."),
    ("Vaccines", "Records vaccinations and who is due for one."),
    ("Beds", "Shows which beds are free and who waits for one."),
    ("Dental", "Charts and treatment plans of dental clinics."),
    ("Sepsis", "Collects what the sepsis pathway asks for."),
    ("Theatre Lists", "Plans operating lists and the people for them."),
    ("Home Visits", "Routes and notes for visits at home."),
    ("Diabetes", "Follows people with diabetes between their reviews."),
    ("Stroke", "Times and decisions of the stroke pathway."),
    ("Therapies", "Goals and notes of physiotherapists and occupational therapists."),
    ("Consent", "Records consent before a procedure."),
    ("Wounds", "Pictures and measurements of wounds over time."),
    ("Eye Clinic", "Tests and letters of eye clinics."),
    ("Dialysis", "Sessions and prescriptions of renal units."),
    ("Crisis", "Plans of mental health crisis teams."),
    ("School Nurse", "Visits and checks in schools."),
    ("Dispatch", "Sends ambulances and shows where they are."),
    ("Urgent Care", "Sees and sorts people in urgent treatment centres."),
    ("Endoscopy", "Lists and reports of endoscopy units."),
    ("Antenatal", "Appointments and screening before birth."),
    ("Newborn", "Checks of newborn babies in their first weeks."),
    ("Allergies", "One list of allergies across wards."),
    ("Prescribing", "Prescribes and checks medicines on the ward."),
    ("Chemotherapy", "Plans and gives courses of chemotherapy."),
    ("Palliative", "Wishes and care at the end of life."),
    ("Falls", "Assessments after a fall, and what is done about it."),
    ("Nutrition", "Screens and plans what patients eat and drink."),
    ("Memory Clinic", "Assessments and letters of memory clinics."),
    ("Outbreak", "Traces infections on wards."),
    ("Transfusion", "Blood products from request to bedside."),
    ("Audiology", "Hearing tests and hearing aids."),
    ("Cardiology", "Tracings and letters of heart clinics."),
    ("Social Work", "Shares what social workers and wards both need."),
    ("Rehab", "Timetables of rehabilitation units."),
];
