import type { Plugin } from 'vite';

/** In the glue of the runtime for WebGPU: a call from WASM to JavaScript becomes a function that is written as text. */
const WRITTEN = 'c=(new Function(Object.keys(k),h))(...Object.values(k));';

/**
 * The same function without text (Emscripten's own form where `DYNAMIC_EXECUTION=0`). There, `c` is the kind of call
 * (0: function, 1: method, 2: constructor, 3: cast), `f` reads the arguments, each of 8 bytes, `d.we` is set where nothing
 * is returned, and `k` holds what the text would have named.
 */
const CLOSED = `c=((kind,readers)=>(handle,methodName,destructors,args)=>{
const values=readers.map((read,i)=>read(args+8*i));
const target=kind===3?undefined:k.toValue(handle);
const result=kind===0?target(...values):kind===1?target[k.getStringOrSymbol(methodName)](...values):kind===2?new target(...values):values.at(-1);
if(!d.we)return k.emval_returnValue(k.toReturnWire,destructors,result);
})(c,f);`;

/**
 * Takes the one place of the runtime for WebGPU that evaluates text out of what is built, or the content security policy
 * would have to allow `unsafe-eval`. A newer runtime may be written otherwise: then the build fails here.
 */
export function evalFreeRuntime(): Plugin {
  return {
    name: 'eval-free-runtime',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const glue = Object.values(bundle).find(({ fileName }) => /asyncify[^/]*\.mjs$/.test(fileName));
      if (glue?.type !== 'asset') this.error('The glue of the runtime for WebGPU is not in the bundle.');
      const text = typeof glue.source === 'string' ? glue.source : new TextDecoder().decode(glue.source);
      const parts = text.split(WRITTEN);
      if (parts.length !== 2) this.error(`${glue.fileName} is not written as expected: look for new Function in it.`);
      glue.source = parts.join(CLOSED);
    },
  };
}
