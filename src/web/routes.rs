//! Every address, who may knock, and who answers. This list is the router; documentation and tests read it.

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{Resource, Route};

use super::{
    admin, assets, connection, deeds, demo, details, feedback, files, history, home, invitations, organisation, outcomes, people,
    products, questions, queue, reviews, sections, session,
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
    get ("/products/{product}/files/{file}",                            SignedIn, || web::get().to(files::download)),
    get ("/products/{product}/feedback",                                SignedIn, || web::get().to(feedback::index)),

    get ("/products/{product}/sections/{section}",                      SignedIn, || web::get().to(sections::show)),
    get ("/products/{product}/sections/{section}/questions/{question}", SignedIn, || web::get().to(questions::show)),
    post("/products/{product}/sections/{section}/questions/{question}", SignedIn, || web::post().to(questions::answer)),
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
    get ("/products/{product}/history",                                 SignedIn, || web::get().to(history::show)),
    get ("/products/{product}/sections/{section}/review",               SignedIn, || web::get().to(reviews::show)),
    post("/products/{product}/sections/{section}/review/assignment",    SignedIn, || web::post().to(reviews::assign)),
    post("/products/{product}/sections/{section}/review/decisions",     SignedIn, || web::post().to(reviews::decide)),
    get ("/products/{product}/sections/{section}/review/check",         SignedIn, || web::get().to(outcomes::check)),
    post("/products/{product}/sections/{section}/review/outcome",       SignedIn, || web::post().to(outcomes::send)),
    get ("/products/{product}/sections/{section}/reopening",            SignedIn, || web::get().to(outcomes::reopening)),
    post("/products/{product}/sections/{section}/reopening",            SignedIn, || web::post().to(outcomes::reopen)),
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
