use tensorlogic_language::gguf::Draft;
use tensorlogic_language::safetensors::{self, Dtype};

use super::*;

#[test]
fn a_file_hands_out_its_weights() {
    let values: Vec<u8> = [1.5f32, -2.0, 0.1, 4.0, 5.0, 6.0].iter().flat_map(|value| value.to_le_bytes()).collect();
    let sizes = vec![0u8; 18 * 4];
    let file =
        Temporary::new(&gguf(&[("a.weight", GgmlType::F32, &[2, 3], values), ("b", GgmlType::Q4_0, &[4, 32], sizes)]));
    let opened = WeightFile::open(&file.0).unwrap();
    let a = opened.weight("a.weight", ElementType::Float16).unwrap();
    assert_eq!(
        (a.name(), a.shape(), a.ggml_type(), a.element()),
        ("a.weight", [2, 3].as_slice(), GgmlType::F32, ElementType::Float16)
    );
    let tensor = a.to_tensor(&device()).unwrap();
    assert_eq!((tensor.shape(), tensor.element(), tensor.is_weak()), ([2, 3].as_slice(), ElementType::Float16, false));
    assert_eq!(tensor.to_floats().unwrap()[..3], [1.5, -2.0, 0.099_975_586]);
    assert_eq!(a.computing_in(ElementType::Float32).to_tensor(&device()).unwrap().to_floats().unwrap()[2], 0.1);
    let rows = embedding(&a.computing_in(ElementType::Float32), &[1, 0, 1], &device()).unwrap();
    assert_eq!(rows.to_floats().unwrap(), [4.0, 5.0, 6.0, 1.5, -2.0, 0.1, 4.0, 5.0, 6.0]);
    assert_eq!(embedding(&a, &[], &device()).unwrap().shape(), [0, 3]);
    assert_eq!(
        embedding(&a, &[2], &device()).unwrap_err().to_string(),
        "row 2 lies outside of `a.weight` of shape [2, 3]"
    );
    assert_eq!(
        opened.weights(ElementType::Float32).map(|weight| weight.name().to_owned()).collect::<Vec<_>>(),
        ["a.weight", "b"]
    );
    assert!(opened.weight("c", ElementType::Float32).is_none());
    let mut steps = Vec::new();
    opened.preload(&mut |progress| {
        steps.push(progress);
        true
    });
    assert_eq!(steps.last().map(|progress| progress.done), steps.first().map(|progress| progress.total));
}

#[test]
fn unfit_files_are_refused() {
    let missing = WeightFile::open("/no/such/file.gguf").unwrap_err().to_string();
    assert!(missing.starts_with("cannot read `/no/such/file.gguf`: No such file"), "{missing}");
    let folder = WeightFile::open(std::env::temp_dir()).unwrap_err().to_string();
    assert!(folder.ends_with("it is a folder"), "{folder}");
    let text = Temporary::new(b"{\"a\": 1}");
    let error = WeightFile::open(&text.0).unwrap_err().to_string();
    assert!(error.ends_with("not a weight file: it holds JSON, as tokenizers do"), "{error}");
    let empty = Temporary::new(b"");
    assert!(WeightFile::open(&empty.0).is_err());
    let whole = gguf(&[("w", GgmlType::F32, &[4], vec![0; 16])]);
    let cut = Temporary::new(&whole[..whole.len() - 1]);
    let error = WeightFile::open(&cut.0).unwrap_err().to_string();
    assert!(error.contains("tensor `w` ends at byte"), "{error}");
}

#[test]
fn types_without_a_decoder_are_named() {
    let (weight, _) = weight(GgmlType::IQ4_XS, &[2, 256], 1);
    let error = linear(&Tensor::ones(&[1, 256], ElementType::Float32, &device()).unwrap(), &weight).unwrap_err();
    assert_eq!(error.to_string(), "weight `w` is stored as IQ4_XS, which cannot be decoded yet");
    assert!(weight.to_tensor(&device()).is_err() && count_non_finite(GgmlType::IQ4_XS, &[]).is_none());
}

#[test]
fn broken_weights_are_found() {
    for ggml_type in TYPES {
        let (_, mut bytes) = weight(ggml_type, &[3, 512], 5);
        assert_eq!(count_non_finite(ggml_type, &bytes), Some((0, 0)), "{ggml_type}");
        let block = ggml_type.block_bytes() as usize;
        let at = scales(ggml_type).first().copied().unwrap_or(block - 2);
        bytes[at..at + 2].copy_from_slice(&[0xff, 0x7f]);
        let (nan, infinite) = count_non_finite(ggml_type, &bytes).unwrap();
        assert_eq!((nan + infinite) as u64, ggml_type.block_elements(), "{ggml_type}");
    }
}

#[test]
fn a_divided_model_is_read_from_its_files() {
    let folder = std::env::temp_dir().join(format!("tl-divided-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let whole = Draft::default().tensor("a", &[2], GgmlType::F32).tensor("b", &[2], GgmlType::F32);
    let paths: Vec<PathBuf> = (1..3).map(|number| folder.join(format!("m-{number:05}-of-00002.gguf"))).collect();
    for ((path, part), value) in paths.iter().zip(whole.split(2)).zip([1.5f32, -2.0]) {
        part.save(path).unwrap();
        let mut bytes = std::fs::read(path).unwrap();
        let end = bytes.len();
        bytes[end - 4..].copy_from_slice(&value.to_le_bytes());
        std::fs::write(path, bytes).unwrap();
    }
    let values = |path: &Path, name| {
        let weight = WeightFile::open(path).unwrap().weight(name, ElementType::Float32).unwrap();
        weight.decode_all().unwrap()
    };
    for path in &paths {
        assert_eq!((values(path, "a"), values(path, "b")), (vec![0.0, 1.5], vec![0.0, -2.0]));
    }
    std::fs::remove_file(&paths[0]).unwrap();
    let error = WeightFile::open(&paths[1]).unwrap_err().to_string();
    assert!(error.contains("file 1 of 2 is missing: `") && error.contains("m-00001-of-00002.gguf"), "{error}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn safetensors_cannot_be_loaded_yet() {
    let file = Temporary::new(&safetensors::Draft::default().tensor("w", Dtype::F32, &[0]).header());
    let error = WeightFile::open(&file.0).unwrap_err().to_string();
    assert!(error.ends_with("is a safetensors file: only GGUF files can be loaded yet"), "{error}");
}
