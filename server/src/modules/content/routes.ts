import type { App } from '../../platform/http.ts'
import type { RouteDeps } from '../corps/context.ts'
import { registerFileRoutes } from './files/routes.ts'
import { registerFormRoutes } from './forms/routes.ts'
import { registerMaterialRoutes } from './materials/routes.ts'
import { registerRadarRoutes } from './radar/routes.ts'
import { registerScriptRoutes } from './scripts/routes.ts'

/** What staff say and show. */
export async function registerContentRoutes(app: App, deps: RouteDeps): Promise<void> {
  await registerFileRoutes(app, deps)
  registerMaterialRoutes(app, deps)
  registerScriptRoutes(app, deps)
  registerRadarRoutes(app, deps)
  registerFormRoutes(app, deps)
}
