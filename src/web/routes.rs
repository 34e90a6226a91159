//! Every address, who may knock, and who answers. This list is the router; documentation and tests read it.

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{Resource, Route};

use super::{
    admin, agreement_desk, agreement_issue, agreements, alteration, assets, assignees, assignment, availability, background_checks,
    board, bookings, calendar, certificate_check, certificate_end, certificate_issue, certificates, connection, dashboard, dates,
    deeds, demo, details, drafts, feedback, files, help, history, home, invitations, live, messages, notifications, organisation,
    outcomes, pack, people, products, questions, queue, record, reminder, reports, reuse, reviewers, reviews, rulings, run_sheet,
    search, sections, sending, session, signatory, signature, signing, sitting, slots, standard_replies, tables, versions, views,
    wishes, workload,
};

/// Who may knock at an address. What they find behind it is up to the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Everybody.
    Open,
    /// People who are logged in.
    SignedIn,
    /// Everybody, in the demonstration only; elsewhere it is not found.
    Demo,
}

/// One address and method.
pub struct Entry {
    /// GET or POST. Only POST changes anything.
    pub method: Method,
    /// The address, with `{names}` for its variable parts.
    pub path: &'static str,
    /// Who may knock.
    pub door: Door,
    /// Makes the handler's route.
    pub route: fn() -> Route,
}

const fn get(path: &'static str, door: Door, route: fn() -> Route) -> Entry {
    Entry { method: Method::GET, path, door, route }
}

const fn post(path: &'static str, door: Door, route: fn() -> Route) -> Entry {
    Entry { method: Method::POST, path, door, route }
}

use Door::{Demo, Open, SignedIn};

/// Every address of the service.
#[rustfmt::skip]
pub static ROUTES: &[Entry] = &[
    get ("/assets/{name}",                                              Open,     || web::get().to(assets::serve)),
    get ("/health",                                                     Open,     || web::get().to(home::health)),
    get ("/",                                                           SignedIn, || web::get().to(home::home)),

    get ("/help",                                                       Open,     || web::get().to(help::index)),
    get ("/help/{topic}",                                               Open,     || web::get().to(help::topic)),
    get ("/accessibility",                                              Open,     || web::get().to(help::accessibility)),
    get ("/cookies",                                                    Open,     || web::get().to(help::cookies)),
    get ("/privacy",                                                    Open,     || web::get().to(help::privacy)),
    get ("/contact",                                                    Open,     || web::get().to(help::contact)),
    get ("/keyboard-shortcuts",                                         Open,     || web::get().to(help::shortcuts)),

    get ("/login",                                                      Open,     || web::get().to(session::login_form)),
    post("/login",                                                      Open,     || web::post().to(session::login)),
    post("/logout",                                                     Open,     || web::post().to(session::logout)),
    get ("/forgotten-password",                                         Open,     || web::get().to(session::forgotten_form)),
    post("/forgotten-password",                                         Open,     || web::post().to(session::forgotten)),
    get ("/reset-password/{token}",                                     Open,     || web::get().to(session::reset_form)),
    post("/reset-password/{token}",                                     Open,     || web::post().to(session::reset)),
    get ("/invitations/{token}",                                        Open,     || web::get().to(invitations::show)),
    post("/invitations/{token}",                                        Open,     || web::post().to(invitations::accept)),

    get ("/account",                                                    SignedIn, || web::get().to(people::account)),
    get ("/account/preferences",                                        SignedIn, || web::get().to(notifications::preferences)),
    post("/account/preferences",                                        SignedIn, || web::post().to(notifications::prefer)),
    // What was typed and not saved yet, and the session that it is typed in.
    get ("/drafts",                                                     SignedIn, || web::get().to(drafts::index)),
    post("/drafts",                                                     Open,     || web::post().to(drafts::keep)),
    get ("/drafts/{draft}",                                             SignedIn, || web::get().to(drafts::show)),
    post("/drafts/{draft}/removal",                                     SignedIn, || web::post().to(drafts::discard)),
    get ("/session",                                                    Open,     || web::get().to(sitting::left)),
    post("/session",                                                    SignedIn, || web::post().to(sitting::stay)),
    get ("/notifications",                                              SignedIn, || web::get().to(notifications::index)),
    post("/notifications/read",                                         SignedIn, || web::post().to(notifications::read_all)),
    post("/notifications/{letter}/read",                                SignedIn, || web::post().to(notifications::read)),
    get ("/messages",                                                   SignedIn, || web::get().to(messages::index)),
    get ("/organisation",                                               SignedIn, || web::get().to(organisation::mine)),
    get ("/organisations/{organisation}",                               SignedIn, || web::get().to(organisation::show)),
    post("/organisations/{organisation}",                               SignedIn, || web::post().to(organisation::save)),
    get ("/organisations/{organisation}/team",                          SignedIn, || web::get().to(people::team)),
    post("/organisations/{organisation}/invitations",                   SignedIn, || web::post().to(people::invite)),
    post("/organisations/{organisation}/invitations/{invitation}/renewal", SignedIn, || web::post().to(people::renew)),
    post("/organisations/{organisation}/invitations/{invitation}/cancellation", SignedIn, || web::post().to(people::cancel)),
    get ("/organisations/{organisation}/members/{person}",              SignedIn, || web::get().to(people::member_form)),
    post("/organisations/{organisation}/members/{person}",              SignedIn, || web::post().to(people::change)),
    get ("/organisations/{organisation}/members/{person}/removal",      SignedIn, || web::get().to(people::removal)),
    get ("/products/{product}/team",                                    SignedIn, || web::get().to(people::product_team)),

    get ("/admin",                                                      SignedIn, || web::get().to(admin::index)),
    get ("/admin/people",                                               SignedIn, || web::get().to(admin::people)),
    post("/admin/invitations",                                          SignedIn, || web::post().to(admin::invite)),
    post("/admin/invitations/{invitation}/renewal",                     SignedIn, || web::post().to(admin::renew)),
    post("/admin/invitations/{invitation}/cancellation",                SignedIn, || web::post().to(admin::cancel)),
    get ("/admin/organisations",                                        SignedIn, || web::get().to(admin::organisations)),
    post("/admin/organisations",                                        SignedIn, || web::post().to(admin::add_organisation)),
    get ("/admin/mail",                                                 SignedIn, || web::get().to(admin::mail)),
    post("/admin/mail/{letter}/resend",                                 SignedIn, || web::post().to(admin::resend)),

    get ("/admin/calendar",                                             SignedIn, || web::get().to(calendar::show)),
    post("/admin/calendar",                                             SignedIn, || web::post().to(calendar::add)),
    post("/admin/calendar/preview",                                     SignedIn, || web::post().to(calendar::check)),
    post("/admin/calendar/comparison",                                  SignedIn, || web::post().to(calendar::compared)),
    get ("/admin/calendar/{day}/removal",                               SignedIn, || web::get().to(calendar::ask_removal)),
    post("/admin/calendar/{day}/removal",                               SignedIn, || web::post().to(calendar::remove)),

    get ("/demo/mail",                                                  Demo,     || web::get().to(demo::mail)),
    post("/demo/login",                                                 Demo,     || web::post().to(demo::login)),

    get ("/products",                                                   SignedIn, || web::get().to(products::index)),
    get ("/products/new",                                               SignedIn, || web::get().to(details::add)),
    post("/products/new",                                               SignedIn, || web::post().to(details::create)),
    get ("/products/{product}",                                         SignedIn, || web::get().to(products::show)),
    get ("/products/{product}/details",                                 SignedIn, || web::get().to(details::show)),
    get ("/products/{product}/about",                                   SignedIn, || web::get().to(details::edit_about)),
    post("/products/{product}/about",                                   SignedIn, || web::post().to(details::save_about)),
    get ("/products/{product}/connection",                              SignedIn, || web::get().to(connection::edit)),
    post("/products/{product}/connection",                              SignedIn, || web::post().to(connection::save)),
    get ("/products/{product}/hold",                                    SignedIn, || web::get().to(deeds::ask_hold)),
    post("/products/{product}/hold",                                    SignedIn, || web::post().to(deeds::hold)),
    get ("/products/{product}/resumption",                              SignedIn, || web::get().to(deeds::ask_resume)),
    post("/products/{product}/resumption",                              SignedIn, || web::post().to(deeds::resume)),
    get ("/products/{product}/withdrawal",                              SignedIn, || web::get().to(deeds::ask_withdraw)),
    post("/products/{product}/withdrawal",                              SignedIn, || web::post().to(deeds::withdraw)),
    get ("/products/{product}/files",                                   SignedIn, || web::get().to(reuse::files::index)),
    get ("/products/{product}/files/{file}",                            SignedIn, || web::get().to(files::download)),
    get ("/products/{product}/feedback",                                SignedIn, || web::get().to(feedback::index)),

    get ("/products/{product}/messages",                                SignedIn, || web::get().to(messages::show)),
    post("/products/{product}/messages",                                SignedIn, || web::post().to(messages::start)),
    get ("/products/{product}/messages/{thread}",                       SignedIn, || web::get().to(messages::talk::show)),
    post("/products/{product}/messages/{thread}",                       SignedIn, || web::post().to(messages::talk::write)),
    post("/products/{product}/messages/{thread}/settlement",            SignedIn, || web::post().to(messages::talk::settle)),

    get ("/products/{product}/sections/{section}",                      SignedIn, || web::get().to(sections::show)),
    get ("/products/{product}/sections/{section}/questions/{question}", SignedIn, || web::get().to(questions::show)),
    post("/products/{product}/sections/{section}/questions/{question}", SignedIn, || web::post().to(questions::answer)),
    get ("/products/{product}/sections/{section}/questions/{question}/history", SignedIn, || web::get().to(versions::show)),
    post("/products/{product}/sections/{section}/questions/{question}/assignee", SignedIn, || web::post().to(assignees::change)),
    get ("/questions/mine",                                             SignedIn, || web::get().to(assignees::mine)),
    get ("/products/{product}/sections/{section}/questions/{question}/files", SignedIn, || web::get().to(reuse::choice::show)),
    post("/products/{product}/sections/{section}/questions/{question}/files", SignedIn, || web::post().to(reuse::choice::choose)),
    get ("/products/{product}/sections/{section}/copy",                 SignedIn, || web::get().to(reuse::copy::show)),
    post("/products/{product}/sections/{section}/copy",                 SignedIn, || web::post().to(reuse::copy::copy)),
    get ("/products/{product}/sections/{section}/check",                SignedIn, || web::get().to(sections::check)),
    post("/products/{product}/sections/{section}/submission",           SignedIn, || web::post().to(sections::send)),
    post("/products/{product}/sections/{section}/recall",               SignedIn, || web::post().to(sections::recall)),
    get ("/products/{product}/sections/{section}/feedback",             SignedIn, || web::get().to(feedback::show)),
    post("/products/{product}/sections/{section}/feedback",             SignedIn, || web::post().to(feedback::answer)),
    get ("/products/{product}/sections/{section}/feedback/check",       SignedIn, || web::get().to(feedback::check)),

    get ("/queue",                                                      SignedIn, || web::get().to(queue::index)),
    get ("/queue/mine",                                                 SignedIn, || web::get().to(queue::mine)),
    get ("/queue/sent-back",                                            SignedIn, || web::get().to(queue::sent_back)),
    post("/queue/next",                                                 SignedIn, || web::post().to(queue::next)),
    get ("/queue/assignment",                                           SignedIn, || web::get().to(assignment::ask)),
    post("/queue/assignment",                                           SignedIn, || web::post().to(assignment::assign)),
    get ("/reports/workload",                                           SignedIn, || web::get().to(workload::index)),
    get ("/views",                                                      SignedIn, || web::get().to(views::index)),
    post("/views",                                                      SignedIn, || web::post().to(views::keep)),
    post("/views/{view}/name",                                          SignedIn, || web::post().to(views::rename)),
    post("/views/{view}/removal",                                       SignedIn, || web::post().to(views::remove)),
    get ("/products/{product}/history",                                 SignedIn, || web::get().to(history::show)),
    get ("/products/{product}/sections/{section}/review",               SignedIn, || web::get().to(reviews::show)),
    post("/products/{product}/sections/{section}/review/assignment",    SignedIn, || web::post().to(reviews::assign)),
    post("/products/{product}/sections/{section}/review/decisions",     SignedIn, || web::post().to(rulings::decide)),
    get ("/products/{product}/sections/{section}/review/check",         SignedIn, || web::get().to(outcomes::check)),
    post("/products/{product}/sections/{section}/review/outcome",       SignedIn, || web::post().to(outcomes::send)),
    get ("/products/{product}/sections/{section}/review/sending",       SignedIn, || web::get().to(sending::show)),
    post("/products/{product}/sections/{section}/review/undo",          SignedIn, || web::post().to(sending::undo)),
    get ("/standard-replies",                                           SignedIn, || web::get().to(standard_replies::index)),
    post("/standard-replies",                                           SignedIn, || web::post().to(standard_replies::add)),
    get ("/standard-replies/{standard}",                                SignedIn, || web::get().to(standard_replies::show)),
    post("/standard-replies/{standard}",                                SignedIn, || web::post().to(standard_replies::change)),
    post("/standard-replies/{standard}/retirement",                     SignedIn, || web::post().to(standard_replies::retire)),
    get ("/products/{product}/sections/{section}/reopening",            SignedIn, || web::get().to(outcomes::reopening)),
    post("/products/{product}/sections/{section}/reopening",            SignedIn, || web::post().to(outcomes::reopen)),

    // What those who plan look at.
    get ("/dashboard",                                                  SignedIn, || web::get().to(dashboard::show)),
    get ("/board",                                                      SignedIn, || web::get().to(board::show)),
    post("/products/{product}/reminder",                               SignedIn, || web::post().to(reminder::send)),
    get ("/reports",                                                    SignedIn, || web::get().to(reports::index)),
    get ("/reports/service-level",                                      SignedIn, || web::get().to(reports::service_level::show)),
    get ("/reports/flow",                                               SignedIn, || web::get().to(reports::flow::show)),
    get ("/reports/cycle-time",                                         SignedIn, || web::get().to(reports::cycle_time::show)),
    get ("/reports/forecast",                                           SignedIn, || web::get().to(reports::forecast::show)),
    get ("/reports/bottlenecks",                                        SignedIn, || web::get().to(reports::bottlenecks::show)),

    // A conformance test as the supplier sees it: the page of it, choosing a date, the facts, moving, cancelling, the calendar file.
    get ("/products/{product}/demonstration",                           SignedIn, || web::get().to(bookings::show)),
    get ("/products/{product}/demonstration.ics",                       SignedIn, || web::get().to(bookings::calendar::file)),
    get ("/products/{product}/demonstration/book",                      SignedIn, || web::get().to(bookings::choice::book_form)),
    post("/products/{product}/demonstration/book",                      SignedIn, || web::post().to(bookings::choice::book)),
    get ("/products/{product}/demonstration/reschedule",                SignedIn, || web::get().to(bookings::choice::reschedule_form)),
    post("/products/{product}/demonstration/reschedule",                SignedIn, || web::post().to(bookings::choice::reschedule)),
    get ("/products/{product}/demonstration/request",                   SignedIn, || web::get().to(bookings::request::form)),
    post("/products/{product}/demonstration/request",                   SignedIn, || web::post().to(bookings::request::ask)),
    get ("/products/{product}/demonstration/details",                   SignedIn, || web::get().to(bookings::facts::form)),
    post("/products/{product}/demonstration/details",                   SignedIn, || web::post().to(bookings::facts::save)),
    get ("/products/{product}/demonstration/cancellation",              SignedIn, || web::get().to(bookings::cancellation::form)),
    post("/products/{product}/demonstration/cancellation",              SignedIn, || web::post().to(bookings::cancellation::cancel)),

    // Dates as staff see them: demonstrations by week, published dates, wishes for a date, the personal calendar feed.
    get ("/demonstrations",                                             SignedIn, || web::get().to(dates::index)),
    post("/demonstrations/feed",                                        SignedIn, || web::post().to(dates::make_feed)),
    post("/demonstrations/feed/removal",                                SignedIn, || web::post().to(dates::stop_feed)),
    get ("/demonstrations/feed/{token}.ics",                            Open,     || web::get().to(dates::feed)),
    get ("/demonstrations/slots",                                       SignedIn, || web::get().to(slots::index)),
    post("/demonstrations/slots",                                       SignedIn, || web::post().to(slots::publish_one)),
    post("/demonstrations/slots/preview",                               SignedIn, || web::post().to(slots::preview)),
    post("/demonstrations/slots/publication",                           SignedIn, || web::post().to(slots::publish_many)),
    post("/demonstrations/slots/{slot}/removal",                        SignedIn, || web::post().to(slots::remove)),
    get ("/products/{product}/demonstration/wish",                      SignedIn, || web::get().to(wishes::show)),
    post("/products/{product}/demonstration/wish/agreement",            SignedIn, || web::post().to(wishes::agree)),
    post("/products/{product}/demonstration/wish/refusal",              SignedIn, || web::post().to(wishes::decline)),

    // Leave of the people who hold tests.
    get ("/availability",                                               SignedIn, || web::get().to(availability::index)),
    post("/availability",                                               SignedIn, || web::post().to(availability::book)),
    post("/availability/{leave}/removal",                               SignedIn, || web::post().to(availability::remove)),

    // What somebody reviews, and the suppliers in which they have an interest.
    get ("/reviewers/{reviewer}",                                       SignedIn, || web::get().to(reviewers::show)),
    post("/reviewers/{reviewer}",                                       SignedIn, || web::post().to(reviewers::save)),
    post("/reviewers/{reviewer}/interests",                             SignedIn, || web::post().to(reviewers::declare)),
    post("/reviewers/{reviewer}/interests/{interest}/end",              SignedIn, || web::post().to(reviewers::end)),

    // The checks before a test, recorded by staff.
    get ("/products/{product}/demonstration/checks",                    SignedIn, || web::get().to(background_checks::show)),
    post("/products/{product}/demonstration/checks",                    SignedIn, || web::post().to(background_checks::save)),
    post("/products/{product}/demonstration/joining",                   SignedIn, || web::post().to(background_checks::invite)),
    post("/products/{product}/demonstration/confirmation",              SignedIn, || web::post().to(background_checks::confirm)),

    // The test itself: the run sheet, its outcome, and observations afterwards.
    get ("/products/{product}/demonstration/run-sheet",                 SignedIn, || web::get().to(run_sheet::show)),
    post("/products/{product}/demonstration/start",                     SignedIn, || web::post().to(run_sheet::start)),
    post("/products/{product}/demonstration/marks",                     SignedIn, || web::post().to(run_sheet::marks::save)),
    get ("/products/{product}/demonstration/run-sheet/{line}/files",    SignedIn, || web::get().to(run_sheet::files::list)),
    post("/products/{product}/demonstration/run-sheet/{line}/files",    SignedIn, || web::post().to(run_sheet::files::add)),
    get ("/products/{product}/demonstration/run-sheet/{line}/files/{file}", SignedIn, || web::get().to(run_sheet::files::download)),
    post("/products/{product}/demonstration/run-sheet/{line}/files/{file}/removal", SignedIn, || web::post().to(run_sheet::files::remove)),
    get ("/products/{product}/demonstration/outcome",                   SignedIn, || web::get().to(run_sheet::outcome::ask)),
    post("/products/{product}/demonstration/outcome",                   SignedIn, || web::post().to(run_sheet::outcome::record)),
    get ("/products/{product}/demonstration/observations",              SignedIn, || web::get().to(run_sheet::afterwards::list)),
    post("/products/{product}/demonstration/observations/{number}",     SignedIn, || web::post().to(run_sheet::afterwards::settle)),
    get ("/products/{product}/demonstration/repetition",                SignedIn, || web::get().to(run_sheet::afterwards::ask_repetition)),
    post("/products/{product}/demonstration/repetition",                SignedIn, || web::post().to(run_sheet::afterwards::repeat)),

    // Certificates: issuing, the page of the supplier, the public page, withdrawing.
    get ("/products/{product}/certificate",                             SignedIn, || web::get().to(certificates::show)),
    get ("/products/{product}/certificate.pdf",                         SignedIn, || web::get().to(certificates::pdf)),
    get ("/products/{product}/certificate.json",                        SignedIn, || web::get().to(certificates::json_form)),
    get ("/products/{product}/certificate/issue",                       SignedIn, || web::get().to(certificate_issue::ask)),
    post("/products/{product}/certificate/issue",                       SignedIn, || web::post().to(certificate_issue::issue)),
    get ("/products/{product}/certificate/withdrawal",                  SignedIn, || web::get().to(certificate_end::ask_withdrawal)),
    post("/products/{product}/certificate/withdrawal",                  SignedIn, || web::post().to(certificate_end::withdraw)),
    get ("/products/{product}/certificate/decision",                    SignedIn, || web::get().to(certificate_end::ask_decision)),
    post("/products/{product}/certificate/decision",                    SignedIn, || web::post().to(certificate_end::decide)),
    get ("/certificates",                                               Open,     || web::get().to(certificate_check::search)),
    get ("/certificates/{number}.json",                                 Open,     || web::get().to(certificate_check::json_form)),
    get ("/certificates/{number}",                                      Open,     || web::get().to(certificate_check::show)),
    get ("/.well-known/certificate-keys.json",                          Open,     || web::get().to(certificate_check::keys)),

    // The Connection Agreement: the page of it, who signs, signing, issuing and checking.
    get ("/products/{product}/agreement",                               SignedIn, || web::get().to(agreements::show)),
    get ("/products/{product}/agreement.pdf",                           SignedIn, || web::get().to(agreements::issued_pdf)),
    get ("/products/{product}/agreement/sample",                        SignedIn, || web::get().to(agreements::sample)),
    get ("/products/{product}/agreement/sample.pdf",                    SignedIn, || web::get().to(agreements::sample_pdf)),
    get ("/products/{product}/agreement/signed.pdf",                    SignedIn, || web::get().to(agreements::signed_pdf)),
    get ("/products/{product}/agreement/signatory",                     SignedIn, || web::get().to(signatory::show)),
    post("/products/{product}/agreement/signatory",                     SignedIn, || web::post().to(signatory::save)),
    get ("/products/{product}/agreement/signature",                     SignedIn, || web::get().to(signature::show)),
    post("/products/{product}/agreement/signature",                     SignedIn, || web::post().to(signature::send)),
    get ("/products/{product}/agreement/issue",                         SignedIn, || web::get().to(agreement_issue::show)),
    post("/products/{product}/agreement/issue",                         SignedIn, || web::post().to(agreement_issue::issue)),
    get ("/products/{product}/agreement/preview.pdf",                   SignedIn, || web::get().to(agreement_issue::preview)),
    get ("/products/{product}/agreement/check",                         SignedIn, || web::get().to(agreement_desk::check)),
    post("/products/{product}/agreement/check",                         SignedIn, || web::post().to(agreement_desk::decide)),
    get ("/products/{product}/agreement/contract",                      SignedIn, || web::get().to(agreement_desk::ask_contract)),
    post("/products/{product}/agreement/contract",                      SignedIn, || web::post().to(agreement_desk::record)),
    get ("/products/{product}/agreement/renewal",                       SignedIn, || web::get().to(agreement_desk::ask_renewal)),
    post("/products/{product}/agreement/renewal",                       SignedIn, || web::post().to(agreement_desk::renew)),

    // The page of a signatory without an account.
    get ("/sign/{token}",                                               Open,     || web::get().to(signing::show)),
    post("/sign/{token}",                                               Open,     || web::post().to(signing::sign)),
    post("/sign/{token}/code",                                          Open,     || web::post().to(signing::send_code)),
    post("/sign/{token}/entry",                                         Open,     || web::post().to(signing::enter)),
    get ("/sign/{token}/agreement.pdf",                                 Open,     || web::get().to(signing::pdf)),
    get ("/sign/{token}/refusal",                                       Open,     || web::get().to(signing::refused)),
    post("/sign/{token}/refusal",                                       Open,     || web::post().to(signing::refuse)),

    // Going live, and changes that the certificate speaks of.
    get ("/products/{product}/live",                                    SignedIn, || web::get().to(live::show)),
    post("/products/{product}/live",                                    SignedIn, || web::post().to(live::save)),
    post("/products/{product}/live/date",                               SignedIn, || web::post().to(live::record)),
    get ("/products/{product}/alteration",                              SignedIn, || web::get().to(alteration::ask)),
    post("/products/{product}/alteration",                              SignedIn, || web::post().to(alteration::record)),

    // Finding and taking away: search, the tables as files, everything about one product.
    get ("/search",                                                          SignedIn, || web::get().to(search::index)),
    get ("/products.{format}",                                               SignedIn, || web::get().to(tables::products::products)),
    get ("/certificates.{format}",                                           SignedIn, || web::get().to(tables::products::certificates)),
    get ("/queue.{format}",                                                  SignedIn, || web::get().to(tables::queue::queue)),
    get ("/queue/mine.{format}",                                             SignedIn, || web::get().to(tables::queue::mine)),
    get ("/queue/sent-back.{format}",                                        SignedIn, || web::get().to(tables::queue::sent_back)),
    get ("/demonstrations.{format}",                                         SignedIn, || web::get().to(tables::dates::demonstrations)),
    get ("/demonstrations/slots.{format}",                                   SignedIn, || web::get().to(tables::dates::slots)),
    get ("/admin/people.{format}",                                           SignedIn, || web::get().to(tables::admin::people)),
    get ("/admin/organisations.{format}",                                    SignedIn, || web::get().to(tables::admin::organisations)),
    get ("/admin/mail.{format}",                                             SignedIn, || web::get().to(tables::admin::mail)),
    get ("/products/{product}/history.{format}",                             SignedIn, || web::get().to(tables::history::history)),
    get ("/products/{product}/files.{format}",                               SignedIn, || web::get().to(tables::files::files)),
    get ("/standard-replies.{format}",                                       SignedIn, || web::get().to(tables::standard_replies::standard_replies)),
    get ("/board.{format}",                                                  SignedIn, || web::get().to(tables::board::board)),
    get ("/reports/workload.{format}",                                       SignedIn, || web::get().to(tables::board::workload)),
    get ("/reports/service-level.{format}",                                  SignedIn, || web::get().to(tables::reports::promises)),
    get ("/reports/service-level/kept.{format}",                             SignedIn, || web::get().to(tables::reports::kept)),
    get ("/reports/cycle-time.{format}",                                     SignedIn, || web::get().to(tables::reports::cycle_time)),
    get ("/reports/flow.{format}",                                           SignedIn, || web::get().to(tables::reports::flow)),
    get ("/reports/bottlenecks.{format}",                                    SignedIn, || web::get().to(tables::reports::steps)),
    get ("/reports/bottlenecks/questions.{format}",                          SignedIn, || web::get().to(tables::reports::questions)),
    get ("/products/{product}/print",                                   SignedIn, || web::get().to(record::show)),
    get ("/products/{product}/pack.zip",                                SignedIn, || web::get().to(pack::download)),
];

/// Registers every route; addresses with several methods answer 405 to the others.
pub fn configure(config: &mut ServiceConfig) {
    let mut done: Vec<&str> = Vec::new();
    for entry in ROUTES {
        if done.contains(&entry.path) {
            continue;
        }
        done.push(entry.path);
        let same = ROUTES.iter().filter(|e| e.path == entry.path);
        let resource = same.fold(Resource::new(entry.path), |r, e| r.route((e.route)()));
        config.service(resource);
    }
}
