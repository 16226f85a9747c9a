import '../tokens.css'
import './sidebar.css'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'

const root = document.getElementById('root')!
// The page is painted before this script is here: its blank cards stand until there is something to say.
createRoot(root).render(<App blank={root.innerHTML} />)
