//! Nothing is typed twice: answers and files of the organisation's other products, and the files of a product.

pub mod choice;
pub mod compare_view;
pub mod copy;
pub mod files;
pub mod offer;
