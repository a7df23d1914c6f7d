import type { Plugin } from 'vite';
import { HEADERS, META_CONTENT_SECURITY_POLICY } from '../../src/sw/headers.ts';

const CHARSET = '<meta charset="utf-8" />';

/**
 * The headers of `src/sw/headers.ts` in what is built: `_headers` for the hosts that read it (Netlify, Cloudflare Pages),
 * and the policy in the page's own head, for the first visit to a host that sends none.
 */
export function securityHeaders(): Plugin {
  return {
    name: 'security-headers',
    apply: 'build',
    transformIndexHtml(html) {
      if (!html.includes(CHARSET)) throw new Error(`index.html has no ${CHARSET} for the policy to stand behind.`);
      const policy = `<meta http-equiv="Content-Security-Policy" content="${META_CONTENT_SECURITY_POLICY}" />`;
      return html.replace(CHARSET, `${CHARSET}\n    ${policy}`);
    },
    generateBundle() {
      const lines = Object.entries(HEADERS).map(([name, value]) => `  ${name}: ${value}\n`);
      this.emitFile({ type: 'asset', fileName: '_headers', source: `/*\n${lines.join('')}` });
    },
  };
}
