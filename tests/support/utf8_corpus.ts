/** Byte sequences that are not well-formed UTF-8 (Unicode 17, table 3-7), in hex. */
export const BAD_UTF8: readonly string[] = [
  // a continuation without a beginning
  ..."80 81 8f 90 9f a0 bf 8080 80bf bfbf 808080 80808080".split(" "),
  // bytes that begin nothing: overlong ASCII, past U+10FFFF, no UTF-8 at all
  ..."c080 c0af c0bf c180 c1bf c0 c1 f5808080 f6808080 f7bfbfbf f888808080 fbbfbfbfbf fc8480808080 fdbfbfbfbfbf fe ff fffe feff"
    .split(" "),
  // overlong forms of three and four bytes
  ..."e08080 e080af e09f80 e09fbf e080 e09f f0808080 f08080af f08f8080 f08fbfbf f080".split(" "),
  // surrogates, alone and in pairs
  ..."eda080 edadbf edae80 edafbf edb080 edbe80 edbfbf eda080edb080 edadbfedbfbf edaf80edb0bf eda0 edb0"
    .split(" "),
  // past U+10FFFF
  ..."f4908080 f490 f4bfbfbf f49f8080".split(" "),
  // cut short: by the end of the string, by ASCII, by another beginning
  ..."c2 df e0a0 e1 e180 ec80 ed80 ef efbf f090 f09080 f1 f180 f18080 f3bfbf f48fbf".split(" "),
  ..."c241 df22 e0a041 e18041 ed9f41 f0908041 f1808041 f48fbf41 c2c2 e1e1 f1f1 e180e180 c2f0908080".split(
    " ",
  ),
  // the right number of bytes, one of them wrong
  ..."c27f c2c0 c2ff e17f80 e18041 e1c080 e180c0 f17f8080 f180c080 f1808041 f18080ff e28228 f0288cbc f0902880"
    .split(" "),
  // good before, good after
  ..."61ff61 c3a9ff e282ac80 f09f9880bf 80c3a9 ffe282ac".split(" "),
];
