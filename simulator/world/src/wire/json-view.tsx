/** Keys stand out; the rest is plain. */
const KEY = /^(\s*)("[^"]+")(:.*)$/

export function JsonView({ label, value }: { label: string; value: unknown }) {
  if (value === undefined || value === '' || isEmpty(value)) return null
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 1)
  return (
    <>
      <p className="code-label">{label}</p>
      <pre className="code-box wrap">
        {text.split('\n').map((line, at) => {
          const [, indent, key, rest] = KEY.exec(line) ?? []
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of one unchanging text
            <span key={at} className="code-line">
              {key ? (
                <>
                  {indent}
                  <span className="tag-name">
                    <b>{key}</b>
                  </span>
                  {rest}
                </>
              ) : (
                line
              )}
            </span>
          )
        })}
      </pre>
    </>
  )
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
