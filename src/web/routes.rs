//! Every address, who may knock, and who answers. This list is the router; documentation and tests read it.

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{Resource, Route};

use super::assets;

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
    get("/assets/{name}", Open, || web::get().to(assets::serve)),
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
