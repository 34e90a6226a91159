//! Page states of those who plan: dashboard, board and reports, with much and with little to show.

use super::{AMINA, GRACE, PRIYA, PageState, after, state};

/// The demonstration has few finished products, so what rests on them says that there is too little.
pub fn reports() -> Vec<PageState> {
    let (board, service, cycle) = ("/board", "/reports/service-level", "/reports/cycle-time");
    let (flow, bottlenecks) = ("/reports/flow", "/reports/bottlenecks");
    vec![
        state("/dashboard", "dashboard, busy, few finished", GRACE, "/dashboard"),
        after(vec![], 404, state("/dashboard", "dashboard for a supplier", PRIYA, "/dashboard")),
        state(board, "timeline board", GRACE, board),
        state(board, "timeline board for a reviewer", AMINA, board),
        state(board, "timeline board by stage", GRACE, "/board?group=stage"),
        state(board, "timeline board, filtered", GRACE, "/board?waiting=team&stage=review"),
        state(board, "timeline board, on hold", GRACE, "/board?waiting=on-hold"),
        state(board, "timeline board, nothing found", GRACE, "/board?q=wardligth"),
        after(vec![], 404, state(board, "timeline board for a supplier", PRIYA, board)),
        state("/reports", "reports", GRACE, "/reports"),
        state(service, "service level", GRACE, service),
        state(service, "service level, overdue", GRACE, "/reports/service-level?due=overdue"),
        state(service, "service level, nothing found", GRACE, "/reports/service-level?what=signed-copy&due=overdue"),
        state(cycle, "cycle time, few finished", GRACE, cycle),
        state(cycle, "cycle time, none finished", GRACE, "/reports/cycle-time?kind=move&months=3"),
        state(flow, "flow", GRACE, flow),
        state(flow, "flow of 3 months", GRACE, "/reports/flow?months=3"),
        state(bottlenecks, "bottlenecks", GRACE, bottlenecks),
        state(bottlenecks, "bottlenecks for a reviewer", AMINA, "/reports/bottlenecks?months=6"),
    ]
}
