//! A page runs a fixed number of statements, whatever the size of the data.

use assured::domain::catalogue::Section;

use crate::support::*;

/// The statements that a page runs, sessions and all.
async fn statements(app: &TestApp, who: Persona, path: &str) -> u64 {
    app.get(who, path).await.is(200);
    let before = app.db.statements();
    app.get(who, path).await.is(200);
    app.db.statements() - before
}

#[actix_web::test]
async fn lists_and_the_product_home_do_not_depend_on_the_data() {
    let app = TestApp::new().await;
    let pages = [(OWNER, "/products"), (MANAGER, "/products"), (REVIEWER, "/queue"), (OWNER, "/products/c2a-1001")];
    for _ in 0..10 {
        app.product(OWNER).await;
    }
    app.send(OWNER, "C2A-1001", Section::MedicalDevice).await;
    let mut few = Vec::new();
    for (who, path) in pages {
        few.push(statements(&app, who, path).await);
    }
    for number in 10..1000 {
        let reference = app.product(OWNER).await;
        if number % 10 == 0 {
            app.send(OWNER, &reference, Section::MedicalDevice).await;
        }
    }
    for ((who, path), few) in pages.into_iter().zip(few) {
        let many = statements(&app, who, path).await;
        assert_eq!(many, few, "{path} ran {few} statements with 10 products and {many} with 1,000");
        assert!(many <= 12, "{path} runs {many} statements");
    }
    app.finish().await;
}
