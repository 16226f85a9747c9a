import { QueryClientProvider } from '@tanstack/react-query'
import { App as AntdApp, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { lazy, Suspense, useMemo } from 'react'
import { I18nextProvider, useTranslation } from 'react-i18next'
import { BrowserRouter, Route, Routes } from 'react-router'
import { queryClient } from './api/query-client.ts'
import { i18n } from './i18n/i18n.ts'
import { SignedIn } from './modules/staff/signed-in.tsx'
import { PageBoundary } from './ui/page-boundary.tsx'
import { useShade } from './ui/theme/shade.ts'
import { antdTheme } from './ui/theme/theme.ts'

// One chunk a page: the first one brings the shell and itself.
const SignInPage = lazy(async () => ({ default: (await import('./modules/staff/sign-in-page.tsx')).SignInPage }))
const Shell = lazy(async () => ({ default: (await import('./ui/layout/shell.tsx')).Shell }))
const HomePage = lazy(async () => ({ default: (await import('./modules/home/home-page.tsx')).HomePage }))
const ContactsPage = lazy(async () => ({
  default: (await import('./modules/contacts/contacts-page.tsx')).ContactsPage,
}))
const ContactPage = lazy(async () => ({ default: (await import('./modules/contacts/contact-page.tsx')).ContactPage }))
const OpenContactPage = lazy(async () => ({
  default: (await import('./modules/contacts/open-contact-page.tsx')).OpenContactPage,
}))
const TagsPage = lazy(async () => ({ default: (await import('./modules/tags/tags-page.tsx')).TagsPage }))
const BulkRunsPage = lazy(async () => ({ default: (await import('./modules/tags/bulk-runs-page.tsx')).BulkRunsPage }))
const ChannelsPage = lazy(async () => ({
  default: (await import('./modules/channels/channels-page.tsx')).ChannelsPage,
}))
const NewChannelPage = lazy(async () => ({
  default: (await import('./modules/channels/channel-form-page.tsx')).NewChannelPage,
}))
const EditChannelPage = lazy(async () => ({
  default: (await import('./modules/channels/channel-form-page.tsx')).EditChannelPage,
}))
const ComparePage = lazy(async () => ({ default: (await import('./modules/channels/compare-page.tsx')).ComparePage }))
const BatchesPage = lazy(async () => ({
  default: (await import('./modules/channels/batches/batches-page.tsx')).BatchesPage,
}))
const BatchPage = lazy(async () => ({ default: (await import('./modules/channels/batches/batch-page.tsx')).BatchPage }))
const BatchFormPage = lazy(async () => ({
  default: (await import('./modules/channels/batches/batch-form-page.tsx')).BatchFormPage,
}))
const WelcomePage = lazy(async () => ({ default: (await import('./modules/channels/welcome-page.tsx')).WelcomePage }))
const ChannelPage = lazy(async () => ({ default: (await import('./modules/channels/channel-page.tsx')).ChannelPage }))
const HealthPage = lazy(async () => ({ default: (await import('./modules/health/health-page.tsx')).HealthPage }))
const CorpPage = lazy(async () => ({ default: (await import('./modules/corps/corp-page.tsx')).CorpPage }))
const ConnectPage = lazy(async () => ({ default: (await import('./modules/corps/connect-page.tsx')).ConnectPage }))
const PermissionsPage = lazy(async () => ({
  default: (await import('./modules/corps/permissions-page.tsx')).PermissionsPage,
}))
const StaffPage = lazy(async () => ({ default: (await import('./modules/staff/staff-page.tsx')).StaffPage }))
const RolesPage = lazy(async () => ({ default: (await import('./modules/staff/roles-page.tsx')).RolesPage }))
const AccountPage = lazy(async () => ({ default: (await import('./modules/staff/account-page.tsx')).AccountPage }))
const AuditPage = lazy(async () => ({ default: (await import('./modules/staff/audit-page.tsx')).AuditPage }))
const FieldsPage = lazy(async () => ({ default: (await import('./modules/contacts/fields-page.tsx')).FieldsPage }))
const LossesPage = lazy(async () => ({ default: (await import('./modules/contacts/losses-page.tsx')).LossesPage }))
const OrdersPage = lazy(async () => ({ default: (await import('./modules/orders/orders-page.tsx')).OrdersPage }))
const ExportsPage = lazy(async () => ({ default: (await import('./modules/contacts/exports-page.tsx')).ExportsPage }))
const SegmentsPage = lazy(async () => ({
  default: (await import('./modules/segments/segments-page.tsx')).SegmentsPage,
}))
const AutoTagsPage = lazy(async () => ({
  default: (await import('./modules/auto-tags/auto-tags-page.tsx')).AutoTagsPage,
}))
const AutoTagPage = lazy(async () => ({
  default: (await import('./modules/auto-tags/auto-tag-page.tsx')).AutoTagPage,
}))
const NewAutoTagPage = lazy(async () => ({
  default: (await import('./modules/auto-tags/auto-tag-page.tsx')).NewAutoTagPage,
}))
const SegmentPage = lazy(async () => ({ default: (await import('./modules/segments/segment-page.tsx')).SegmentPage }))
const NewSegmentPage = lazy(async () => ({
  default: (await import('./modules/segments/segment-page.tsx')).NewSegmentPage,
}))
const StagesPage = lazy(async () => ({ default: (await import('./modules/stages/stages-page.tsx')).StagesPage }))
const TouchesPage = lazy(async () => ({ default: (await import('./modules/touches/touches-page.tsx')).TouchesPage }))
const PolicyPage = lazy(async () => ({ default: (await import('./modules/touches/policy-page.tsx')).PolicyPage }))
const StageSettingsPage = lazy(async () => ({
  default: (await import('./modules/stages/stage-settings-page.tsx')).StageSettingsPage,
}))
const TasksPage = lazy(async () => ({ default: (await import('./modules/tasks/tasks-page.tsx')).TasksPage }))
const ImportsPage = lazy(async () => ({
  default: (await import('./modules/orders/imports/imports-page.tsx')).ImportsPage,
}))
const ImportPage = lazy(async () => ({
  default: (await import('./modules/orders/imports/import-page.tsx')).ImportPage,
}))
const ShopsPage = lazy(async () => ({ default: (await import('./modules/orders/shops/shops-page.tsx')).ShopsPage }))
const ProductsPage = lazy(async () => ({ default: (await import('./modules/orders/products-page.tsx')).ProductsPage }))
const GuidesPage = lazy(async () => ({ default: (await import('./modules/orders/guides/guides-page.tsx')).GuidesPage }))
const DuplicatesPage = lazy(async () => ({
  default: (await import('./modules/contacts/duplicates-page.tsx')).DuplicatesPage,
}))
const ReviewsPage = lazy(async () => ({ default: (await import('./modules/contacts/reviews-page.tsx')).ReviewsPage }))
const CataloguePage = lazy(async () => ({
  default: (await import('./modules/events/catalogue-page.tsx')).CataloguePage,
}))
const KeysPage = lazy(async () => ({ default: (await import('./modules/openapi/keys-page.tsx')).KeysPage }))
const MaterialsPage = lazy(async () => ({
  default: (await import('./modules/content/materials-page.tsx')).MaterialsPage,
}))
const MaterialPage = lazy(async () => ({
  default: (await import('./modules/content/material-page.tsx')).MaterialPage,
}))
const NewMaterialPage = lazy(async () => ({
  default: (await import('./modules/content/material-page.tsx')).NewMaterialPage,
}))
const ScriptsPage = lazy(async () => ({ default: (await import('./modules/content/scripts-page.tsx')).ScriptsPage }))
const StaffStatsPage = lazy(async () => ({
  default: (await import('./modules/reports/staff-stats-page.tsx')).StaffStatsPage,
}))
const WorkloadPage = lazy(async () => ({ default: (await import('./modules/reports/workload-page.tsx')).WorkloadPage }))
const RfmPage = lazy(async () => ({ default: (await import('./modules/segments/rfm/rfm-page.tsx')).RfmPage }))
const ActivationPage = lazy(async () => ({
  default: (await import('./modules/reports/activation-page.tsx')).ActivationPage,
}))
const AttributionPage = lazy(async () => ({
  default: (await import('./modules/reports/attribution-page.tsx')).AttributionPage,
}))
const DutyPage = lazy(async () => ({ default: (await import('./modules/reports/duty-page.tsx')).DutyPage }))
const LicencePage = lazy(async () => ({ default: (await import('./modules/reports/licence-page.tsx')).LicencePage }))
const FormsPage = lazy(async () => ({ default: (await import('./modules/forms/forms-page.tsx')).FormsPage }))
const FormPage = lazy(async () => ({ default: (await import('./modules/forms/form-page.tsx')).FormPage }))
const BroadcastsPage = lazy(async () => ({
  default: (await import('./modules/broadcasts/broadcasts-page.tsx')).BroadcastsPage,
}))
const NewBroadcastPage = lazy(async () => ({
  default: (await import('./modules/broadcasts/edit-page.tsx')).NewBroadcastPage,
}))
const EditBroadcastPage = lazy(async () => ({
  default: (await import('./modules/broadcasts/edit-page.tsx')).EditBroadcastPage,
}))
const BroadcastRunPage = lazy(async () => ({ default: (await import('./modules/broadcasts/run-page.tsx')).RunPage }))
const JourneysPage = lazy(async () => ({
  default: (await import('./modules/journeys/journeys-page.tsx')).JourneysPage,
}))
const JourneyPage = lazy(async () => ({ default: (await import('./modules/journeys/journey-page.tsx')).JourneyPage }))
const RadarPage = lazy(async () => ({ default: (await import('./modules/content/radar/radar-page.tsx')).RadarPage }))
const MaterialRadarPage = lazy(async () => ({
  default: (await import('./modules/content/radar/material-radar-page.tsx')).MaterialRadarPage,
}))
const GroupsPage = lazy(async () => ({ default: (await import('./modules/groups/groups-page.tsx')).GroupsPage }))
const GroupPage = lazy(async () => ({ default: (await import('./modules/groups/group-page.tsx')).GroupPage }))
const NotFoundPage = lazy(async () => ({ default: (await import('./ui/not-found-page.tsx')).NotFoundPage }))

export function App() {
  return (
    <I18nextProvider i18n={i18n}>
      <QueryClientProvider client={queryClient}>
        <BrowserRouter>
          <Themed />
        </BrowserRouter>
      </QueryClientProvider>
    </I18nextProvider>
  )
}

function Themed() {
  const { i18n: words } = useTranslation()
  const shade = useShade()
  const theme = useMemo(() => antdTheme(shade), [shade])
  return (
    <ConfigProvider theme={theme} locale={words.language === 'en' ? enUS : zhCN} button={{ autoInsertSpace: false }}>
      <AntdApp component={false}>
        <PageBoundary>
          <Suspense fallback={null}>
            <Routes>
              <Route path="/sign-in" element={<SignInPage />} />
              <Route
                element={
                  <SignedIn>
                    <Shell />
                  </SignedIn>
                }
              >
                <Route index element={<HomePage />} />
                <Route path="contacts" element={<ContactsPage />} />
                <Route path="contacts/:contactId" element={<ContactPage />} />
                <Route path="open/contact/:externalUserid" element={<OpenContactPage />} />
                <Route path="tags" element={<TagsPage />} />
                <Route path="auto-tags" element={<AutoTagsPage />} />
                <Route path="auto-tags/new" element={<NewAutoTagPage />} />
                <Route path="auto-tags/:ruleId" element={<AutoTagPage />} />
                <Route path="segments" element={<SegmentsPage />} />
                <Route path="segments/new" element={<NewSegmentPage />} />
                <Route path="segments/:segmentId" element={<SegmentPage />} />
                <Route path="stages" element={<StagesPage />} />
                <Route path="tasks" element={<TasksPage />} />
                <Route path="orders" element={<OrdersPage />} />
                <Route path="products" element={<ProductsPage />} />
                <Route path="orders/imports" element={<ImportsPage />} />
                <Route path="orders/imports/:orderImportId" element={<ImportPage />} />
                <Route path="losses" element={<LossesPage />} />
                <Route path="duplicates" element={<DuplicatesPage />} />
                <Route path="reviews" element={<ReviewsPage />} />
                <Route path="exports" element={<ExportsPage />} />
                <Route path="bulk-runs" element={<BulkRunsPage />} />
                <Route path="channels" element={<ChannelsPage />} />
                <Route path="channels/new" element={<NewChannelPage />} />
                <Route path="channels/welcome" element={<WelcomePage />} />
                <Route path="channels/compare" element={<ComparePage />} />
                <Route path="channels/batches" element={<BatchesPage />} />
                <Route path="channels/batches/new" element={<BatchFormPage />} />
                <Route path="channels/batches/:codeBatchId" element={<BatchPage />} />
                <Route path="channels/:channelCodeId" element={<ChannelPage />} />
                <Route path="channels/:channelCodeId/edit" element={<EditChannelPage />} />
                <Route path="broadcasts" element={<BroadcastsPage />} />
                <Route path="broadcasts/new" element={<NewBroadcastPage />} />
                <Route path="broadcasts/:broadcastId" element={<EditBroadcastPage />} />
                <Route path="broadcasts/runs/:runId" element={<BroadcastRunPage />} />
                <Route path="journeys" element={<JourneysPage />} />
                <Route path="journeys/:journeyId" element={<JourneyPage />} />
                <Route path="groups" element={<GroupsPage />} />
                <Route path="groups/:groupChatId" element={<GroupPage />} />
                <Route path="content/materials" element={<MaterialsPage />} />
                <Route path="content/materials/new" element={<NewMaterialPage />} />
                <Route path="content/materials/:materialId" element={<MaterialPage />} />
                <Route path="content/scripts" element={<ScriptsPage />} />
                <Route path="content/forms" element={<FormsPage />} />
                <Route path="content/forms/:formId" element={<FormPage tab="edit" />} />
                <Route path="content/forms/:formId/links" element={<FormPage tab="links" />} />
                <Route path="content/forms/:formId/answers" element={<FormPage tab="answers" />} />
                <Route path="content/radar" element={<RadarPage />} />
                <Route path="content/radar/:materialId" element={<MaterialRadarPage />} />
                <Route path="reports/staff" element={<StaffStatsPage />} />
                <Route path="reports/workload" element={<WorkloadPage />} />
                <Route path="reports/rfm" element={<RfmPage />} />
                <Route path="reports/activation" element={<ActivationPage />} />
                <Route path="reports/attribution" element={<AttributionPage />} />
                <Route path="reports/duty" element={<DutyPage />} />
                <Route path="reports/licence" element={<LicencePage />} />
                <Route path="settings/health" element={<HealthPage />} />
                <Route path="settings/corp" element={<CorpPage />} />
                <Route path="settings/corp/connect" element={<ConnectPage />} />
                <Route path="settings/permissions" element={<PermissionsPage />} />
                <Route path="settings/fields" element={<FieldsPage />} />
                <Route path="settings/stages" element={<StageSettingsPage />} />
                <Route path="settings/touches" element={<PolicyPage />} />
                <Route path="touches" element={<TouchesPage />} />
                <Route path="settings/events" element={<CataloguePage />} />
                <Route path="settings/openapi" element={<KeysPage />} />
                <Route path="settings/shops" element={<ShopsPage />} />
                <Route path="settings/guides" element={<GuidesPage />} />
                <Route path="settings/staff" element={<StaffPage />} />
                <Route path="settings/roles" element={<RolesPage />} />
                <Route path="settings/audit" element={<AuditPage />} />
                <Route path="account" element={<AccountPage />} />
                <Route path="*" element={<NotFoundPage />} />
              </Route>
            </Routes>
          </Suspense>
        </PageBoundary>
      </AntdApp>
    </ConfigProvider>
  )
}
