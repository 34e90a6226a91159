//! Page states of forecasts: the report, and the product home as both sides see it.

use super::{AMINA, GRACE, PRIYA, PageState, after, state};

/// The demonstration has few finished products, so forecasts rest on the published time and none has been proved.
pub fn forecasting() -> Vec<PageState> {
    let (report, product) = ("/reports/forecast", "/products/{product}");
    vec![
        state(report, "forecast", GRACE, report),
        state(report, "forecast for a reviewer", AMINA, "/reports/forecast?kind=new"),
        state(report, "forecast of what may take long", GRACE, "/reports/forecast?time=long"),
        state(report, "forecast, nothing found", GRACE, "/reports/forecast?kind=move&time=long&page=9"),
        after(vec![], 404, state(report, "forecast for a supplier", PRIYA, report)),
        state(product, "likely finish for a supplier", PRIYA, "/products/c2a-1011"),
        state(product, "likely finish for a manager", GRACE, "/products/c2a-1011"),
    ]
}
