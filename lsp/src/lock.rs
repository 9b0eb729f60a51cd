//! The one way in which shared state is reached. A thread that panicked while it
//! held a lock has left whole values behind, so the others go on.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Waits for the lock and takes it.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
