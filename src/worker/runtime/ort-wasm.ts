import * as ort from 'onnxruntime-web/wasm';
import glueUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';

// Both files are ours and same-origin. Outside a browser (tests) the package finds them beside itself.
if ('location' in globalThis) ort.env.wasm.wasmPaths = { mjs: glueUrl, wasm: wasmUrl };

export { ort };
