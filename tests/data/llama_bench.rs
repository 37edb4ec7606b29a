//! Pasted output of llama-bench: what is read, what is passed over, and what is said of a line that cannot be read.

use rigplan::catalog::Catalog;
use rigplan::catalog::quantization::Quantization;
use rigplan::catalog::runtime::Backend;
use rigplan::catalog::speed::Timed;
use rigplan::share::llama_bench::parse;

const PASTED: &str = "ggml_cuda_init: found 1 CUDA devices:
  Device 0: NVIDIA GeForce RTX 4090, compute capability 8.9, VMM: yes
| model                          |       size |     params | backend    | ngl |            test |                  t/s |
| ------------------------------ | ---------: | ---------: | ---------- | --: | --------------: | -------------------: |
| llama 8B Q4_K - Medium         |   4.58 GiB |     8.03 B | CUDA       |  99 |           pp512 |     11234.56 ± 12.34 |
| llama 8B Q4_K - Medium         |   4.58 GiB |     8.03 B | CUDA       |  99 |   tg128 @ d4096 |        132.10 ± 0.20 |
| llama 8B Q4_K - Medium         |   4.58 GiB |     8.03 B | CUDA       |  99 |     pp512+tg128 |        600.00 ± 0.20 |

build: 0253fb21f (9187)
";

#[test]
fn a_pasted_table_is_read() {
    let (rows, errors) = parse(PASTED);
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(rows.len(), 2, "a run of both at once tells neither rate");
    let decode = &rows[1];
    assert_eq!((decode.test, decode.tokens, decode.depth), (Timed::Decode, 128, 4096), "the test");
    assert_eq!(decode.quantization, Some(Quantization::Q4_K_M), "the file type");
    assert_eq!((decode.backend, decode.gpu_layers), (Some(Backend::Cuda), Some(99)), "where it ran");
    assert!((decode.tokens_per_s - 132.1).abs() < 1e-9, "the rate");
    assert!(decode.models(Catalog::embedded()).contains(&"llama-3.1-8b"), "models of as many parameters");
    let measured = decode.measured("rtx-4090", "llama-3.1-8b", "2026-11-22").expect("a known file type");
    assert!(measured.problems().is_empty(), "it can be kept");
}

#[test]
fn json_lines_and_csv_are_read() {
    let record = r#"{"model_type":"llama 7B Q4_0","model_n_params":6738415616,"backends":"Metal,BLAS","n_gpu_layers":99,"n_prompt":0,"n_gen":128,"n_depth":0,"avg_ts":61.2}"#;
    let list = format!("[{record}]");
    let csv = "build_commit,model_type,model_n_params,backends,n_gpu_layers,n_prompt,n_gen,n_depth,avg_ts\n\
               \"a,b\",\"llama 7B Q4_0\",\"6738415616\",\"Metal,BLAS\",\"99\",\"0\",\"128\",\"0\",\"61.2\"\n";
    let (one, errors) = parse(record);
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(one.len(), 1, "a line of JSON");
    assert_eq!(parse(&list).0, one, "a list says the same");
    assert_eq!(parse(csv).0, one, "and so does CSV");
}

#[test]
fn a_line_that_cannot_be_read_is_named() {
    let broken = PASTED.replace("132.10 ± 0.20", "fast");
    let (rows, errors) = parse(&broken);
    assert_eq!(rows.len(), 1, "the other row counts");
    assert_eq!(errors.len(), 1, "one error");
    assert_eq!(errors[0].to_string(), "line 6: `fast` is no rate such as 123.45 ± 0.67");
    for nonsense in ["", "hello", "[1, 2", "{\"a\":1}", "| a | b |\n", "avg_ts,\n,"] {
        let (rows, errors) = parse(nonsense);
        assert!(rows.is_empty() && (!errors.is_empty() || nonsense.contains("avg_ts")), "{nonsense:?} says something");
    }
}
