import type { App } from '../../platform/http.ts'
import type { RouteDeps } from '../corps/context.ts'
import { registerStatsRoutes } from './stats-routes.ts'

export function registerReportRoutes(app: App, deps: RouteDeps): void {
  registerStatsRoutes(app, deps)
}
