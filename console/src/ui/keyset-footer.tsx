import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from './icon.tsx'
import type { Keyset } from './keyset.ts'
import styles from './keyset-footer.module.css'

interface Props {
  keyset: Keyset
  nextCursor: string | null | undefined
  /** Rows of this page, and how many a full page has. */
  shown: number
  pageSize: number
  total?: ReactNode
  legend?: ReactNode
}

/** Previous and next, and the range when it is known; no page numbers, no jump. */
export function KeysetFooter({ keyset, nextCursor, shown, pageSize, total, legend }: Props) {
  const { t } = useTranslation()
  const from = keyset.turned === undefined ? undefined : keyset.turned * pageSize + 1
  return (
    <footer className={styles.foot}>
      {legend}
      <div className={styles.turn}>
        {shown > 0 && (
          <span>
            {from !== undefined && `${from}–${from + shown - 1}`}
            {total &&
              (from === undefined ? (
                total
              ) : (
                <>
                  ，{t('list.of')} {total}
                </>
              ))}
          </span>
        )}
        <Button
          size="small"
          icon={<Icon name="left" size={14} />}
          aria-label={t('list.previous')}
          disabled={!keyset.previous}
          onClick={keyset.previous}
        />
        <Button
          size="small"
          icon={<Icon name="right" size={14} />}
          aria-label={t('list.next')}
          disabled={!nextCursor}
          onClick={() => nextCursor && keyset.next(nextCursor)}
        />
      </div>
    </footer>
  )
}
