//! Page states before there is anything: the demonstration without products, as those who plan see it on the first day.

use super::{AMINA, GRACE, PageState, state};

/// Each says what will appear there, and where to go meanwhile.
pub fn quiet() -> Vec<PageState> {
    let (dashboard, board) = ("/dashboard", "/board");
    let (service, workload) = ("/reports/service-level", "/reports/workload");
    let states = vec![
        state(dashboard, "dashboard, quiet", GRACE, dashboard),
        state(board, "timeline board, empty", GRACE, board),
        state(board, "timeline board by stage, empty", GRACE, "/board?group=stage"),
        state(service, "service level, empty", GRACE, service),
        state(workload, "workload, empty", GRACE, workload),
        state("/reports/flow", "flow, empty", GRACE, "/reports/flow"),
        state("/reports/bottlenecks", "bottlenecks, empty", GRACE, "/reports/bottlenecks"),
        state("/queue", "review queue, empty", AMINA, "/queue"),
        state("/notifications", "notifications, none", GRACE, "/notifications"),
    ];
    states.into_iter().map(|state| PageState { is_quiet: true, ..state }).collect()
}
