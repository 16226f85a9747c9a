import '../tokens.css'
import './form.css'
import { useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { type Boot, boot, type Form } from './boot.ts'
import { By, FormPage, Hills } from './form-page.tsx'

function App({ given }: { given: Boot }) {
  switch (given.is) {
    case 'form':
      return <FormPage {...given} />
    case 'draft':
      return <Draft />
    case 'shut':
      return (
        <>
          <Hills />
          <main className="page thanks">
            <By corp={given.corp} staff={null} />
            <h1>{given.title}</h1>
            <p className="intro">{given.why}</p>
          </main>
        </>
      )
    case 'gone':
      return (
        <>
          <Hills />
          <main className="page thanks">
            <h1>这张表打不开了</h1>
            <p className="intro">链接可能不完整，或已经不用了。请回到聊天里再点一次，或问问给您链接的人。</p>
          </main>
        </>
      )
  }
}

/** Within the console: the form as it is being made. Only the page around it, of our own origin, is listened to. */
function Draft() {
  const [shown, setShown] = useState<{ corp: string; form: Form }>()
  useEffect(() => {
    const hear = (event: MessageEvent) => {
      if (event.origin !== location.origin || event.source !== window.parent) return
      const { siyuForm } = event.data as { siyuForm?: { corp: string; form: Form } }
      if (siyuForm) setShown(siyuForm)
    }
    addEventListener('message', hear)
    window.parent.postMessage('siyu-form-ready', location.origin)
    return () => removeEventListener('message', hear)
  }, [])
  return shown ? <FormPage corp={shown.corp} staff={null} form={shown.form} visit={undefined} preview={false} /> : null
}

if (boot.is === 'form') document.title = boot.form.title
createRoot(document.getElementById('root')!).render(<App given={boot} />)
