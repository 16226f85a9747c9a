import { Fragment, type ReactNode, use } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Icon } from './icon.tsx'
import { NavSheetContext } from './layout/nav-sheet.ts'
import styles from './page-header.module.css'

interface Props {
  title: string
  /** Where this page lives: 设置 /, 渠道活码 /. */
  crumbs?: { label: string; to?: string }[]
  /** Quiet words after the title: a count, a period. */
  meta?: ReactNode
  /** At most one filter, one secondary and one primary button. */
  children?: ReactNode
}

export function PageHeader({ title, crumbs = [], meta, children }: Props) {
  const { t } = useTranslation()
  const openNav = use(NavSheetContext)
  return (
    <header className={styles.bar}>
      <title>{`${title} · Siyu 私域`}</title>
      <button type="button" className={styles.burger} onClick={openNav} aria-label={t('nav.open')}>
        <Icon name="menu" size={20} />
      </button>
      <div className={styles.title}>
        {crumbs.map(({ label, to }) => (
          <Fragment key={label}>
            <span className={styles.crumb}>{to ? <Link to={to}>{label}</Link> : label}</span>
            <span className={styles.slash} aria-hidden>
              /
            </span>
          </Fragment>
        ))}
        <h1 title={title}>{title}</h1>
      </div>
      {meta && <div className={styles.meta}>{meta}</div>}
      {children && <div className={styles.actions}>{children}</div>}
    </header>
  )
}
