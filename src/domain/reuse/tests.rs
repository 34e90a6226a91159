//! What can be taken over from another product, and what cannot.
