//! Where tensors live and are computed: the processor, or a GPU through wgpu.
//!
//! The choice is made once, by name, when a run begins. A build without the
//! cargo feature `wgpu` knows the processor alone and says so. Software
//! adapters are used only when `wgpu` is asked for by name, and are reported as
//! what they are.

use std::fmt;
use std::sync::Arc;

use burn::backend::{Backend, Dispatch, DispatchDevice, FlexDevice};

/// The kinds of devices that a user can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeviceKind {
    /// The processor: burn's `flex` back end and the kernels of this crate.
    Cpu,
    /// A GPU: burn's `wgpu` back end.
    Wgpu,
}

/// Why a device cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceError {
    /// The name is none of `auto`, `cpu`, `wgpu`.
    UnknownName {
        /// The name.
        found: String,
    },
    /// The build has no GPU back end.
    NotBuilt,
    /// The GPU back end finds no adapter or cannot start it.
    Unavailable {
        /// What it says.
        reason: String,
    },
}

impl fmt::Display for DeviceError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            DeviceError::UnknownName { found } => {
                write!(f, "a device is one of `auto`, `cpu` and `wgpu`, found `{found}`")
            }
            DeviceError::NotBuilt => {
                f.write_str("this build has no GPU support: it was made without the cargo feature `wgpu`")
            }
            DeviceError::Unavailable { reason } => write!(f, "no GPU can be used: {reason}"),
        }
    }
}

impl std::error::Error for DeviceError {}

/// A device that is ready; cheap to clone.
#[derive(Clone)]
pub struct Device {
    inner: Arc<Inner>,
}

struct Inner {
    kind: DeviceKind,
    dispatch: DispatchDevice,
    name: String,
    is_software: bool,
    has_half: bool,
    has_wide_integers: bool,
}

impl Device {
    /// The processor.
    pub fn cpu() -> Device {
        Device {
            inner: Arc::new(Inner {
                kind: DeviceKind::Cpu,
                dispatch: DispatchDevice::from(FlexDevice),
                name: "cpu".to_owned(),
                is_software: false,
                has_half: true,
                has_wide_integers: true,
            }),
        }
    }

    /// The device that `name` asks for. `auto` is a real GPU where the build and
    /// the machine have one, else the processor.
    pub fn choose(name: &str) -> Result<Device, DeviceError> {
        match name {
            "cpu" => Ok(Device::cpu()),
            "wgpu" => gpu::open(),
            "auto" => Ok(gpu::open().ok().filter(|device| !device.is_software()).unwrap_or_else(Device::cpu)),
            found => Err(DeviceError::UnknownName { found: found.to_owned() }),
        }
    }

    /// Which kind it is.
    pub fn kind(&self) -> DeviceKind {
        self.inner.kind
    }

    /// Whether tensors live in this process's memory.
    pub fn is_cpu(&self) -> bool {
        self.inner.kind == DeviceKind::Cpu
    }

    /// Whether a GPU is only imitated by the processor.
    pub fn is_software(&self) -> bool {
        self.inner.is_software
    }

    /// What to tell the user: `cpu`, or `wgpu: ` and the adapter's name.
    pub fn description(&self) -> String {
        let name = &self.inner.name;
        match (self.inner.kind, self.inner.is_software) {
            (DeviceKind::Cpu, _) => name.clone(),
            (DeviceKind::Wgpu, false) => format!("wgpu: {name}"),
            (DeviceKind::Wgpu, true) => format!("wgpu: {name} (a software adapter: slow)"),
        }
    }

    /// Waits until everything asked of the device is done.
    pub fn synchronize(&self) -> Result<(), DeviceError> {
        Dispatch::sync(&self.inner.dispatch).map_err(|error| DeviceError::Unavailable { reason: error.to_string() })
    }

    pub(crate) fn dispatch(&self) -> &DispatchDevice {
        &self.inner.dispatch
    }

    /// Whether the device computes with 16-bit floats.
    pub(crate) fn has_half(&self) -> bool {
        self.inner.has_half
    }

    /// Whether the device computes with 64-bit integers; else they have 32 bits there.
    pub(crate) fn has_wide_integers(&self) -> bool {
        self.inner.has_wide_integers
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Device({})", self.description())
    }
}

impl PartialEq for Device {
    fn eq(&self, other: &Device) -> bool {
        self.inner.dispatch == other.inner.dispatch
    }
}

#[cfg(not(feature = "wgpu"))]
mod gpu {
    use super::{Device, DeviceError};

    pub(super) fn open() -> Result<Device, DeviceError> {
        Err(DeviceError::NotBuilt)
    }
}

#[cfg(feature = "wgpu")]
mod gpu {
    use std::sync::{Arc, OnceLock};

    use burn::backend::{Backend, DType, Dispatch};
    use burn::tensor::Device as BurnDevice;
    use burn::tensor::wgpu::wgpu::DeviceType;

    use super::{Device, DeviceError, DeviceKind, Inner};

    /// burn starts a GPU once in a process: the second start would be refused.
    static OPENED: OnceLock<Result<Device, DeviceError>> = OnceLock::new();

    pub(super) fn open() -> Result<Device, DeviceError> {
        OPENED.get_or_init(start).clone()
    }

    fn start() -> Result<Device, DeviceError> {
        // Drivers fail in ways that end as panics below wgpu's own checks.
        let started = std::panic::catch_unwind(|| BurnDevice::wgpu_options().init_with_setup());
        let (device, setup) = match started {
            Ok(Ok(started)) => started,
            Ok(Err(error)) => return Err(DeviceError::Unavailable { reason: error.to_string() }),
            Err(_) => return Err(DeviceError::Unavailable { reason: "its driver failed to start".to_owned() }),
        };
        let adapter = setup.adapter.get_info();
        let dispatch = device.as_dispatch().clone();
        let supports = |dtype| Dispatch::supports_dtype(&dispatch, dtype);
        Ok(Device {
            inner: Arc::new(Inner {
                kind: DeviceKind::Wgpu,
                name: adapter.name,
                is_software: adapter.device_type == DeviceType::Cpu,
                has_half: supports(DType::F16),
                has_wide_integers: supports(DType::I64),
                dispatch,
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_chosen_by_name() {
        assert_eq!(Device::choose("cpu").map(|device| device.description()), Ok("cpu".to_owned()));
        assert!(Device::choose("auto").is_ok());
        let error = Device::choose("gpu").unwrap_err();
        assert_eq!(error.to_string(), "a device is one of `auto`, `cpu` and `wgpu`, found `gpu`");
    }

    #[cfg(not(feature = "wgpu"))]
    #[test]
    fn a_build_without_gpu_says_so() {
        let error = Device::choose("wgpu").unwrap_err();
        assert!(error.to_string().starts_with("this build has no GPU support"), "{error}");
    }
}
