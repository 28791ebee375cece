/** In all of these files, and nowhere else. */
export const CANARY = "canary7hYq3";

const RUN =
  `document.title='${CANARY}';try{top.document.title='${CANARY}'}catch(e){};fetch('/${CANARY}');alert('${CANARY}')`;

/** Files that do something where they are opened as a page: by name, what is in them. */
export const SCRIPTED: Readonly<Record<string, string>> = {
  "drawing.svg":
    `<svg xmlns="http://www.w3.org/2000/svg" onload="${RUN}"><script>${RUN}</script><image href="x" onerror="${RUN}"/>
<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" srcdoc="&lt;script>${RUN}&lt;/script>"/></foreignObject></svg>`,
  "page.html": `<!doctype html><script>${RUN}</script><body onload="${RUN}"><img src=x onerror="${RUN}">`,
  "page.xhtml":
    `<html xmlns="http://www.w3.org/1999/xhtml"><head><script>${RUN}</script></head><body onload="${RUN}"/></html>`,
  "styled.xml":
    `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#s"?><x><xsl:stylesheet id="s" version="1.0"
xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"><script>${RUN}</script></xsl:template></xsl:stylesheet></x>`,
  "paper.pdf":
    `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert('${CANARY}'))>>>>endobj
2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF`,
  "code.js": `${RUN}`,
  "module.mjs": `export default 1; ${RUN}`,
  "mail.mhtml": `MIME-Version: 1.0\nContent-Type: text/html\n\n<script>${RUN}</script>`,
  "picture.png": `<!doctype html><script>${RUN}</script>`,
  "no kind": `<!doctype html><script>${RUN}</script>`,
};
