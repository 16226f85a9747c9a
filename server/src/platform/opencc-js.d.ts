declare module 'opencc-js/dict/TSCharacters' {
  /** `繁 简|繁 简 …`, the first reading first. */
  const table: string
  // biome-ignore lint/style/noDefaultExport: so it is in the package
  export default table
}
