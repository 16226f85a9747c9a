import { explainErrcode } from '@siyu/wecom/errors'
import type { Lane } from './schema.ts'

interface Words {
  title: string
  meaning: string
  steps: string[]
}

/** What a stopped lane touches, and what stays safe meanwhile: the first two things people ask. */
const LANE_WORDS: Record<Lane, { affects: string; safe: string }> = {
  callbacks: {
    affects: '加好友、删好友、改备注会晚些出现',
    safe: '收到的回调都已存下，恢复后按原来的顺序补上，一条不丢',
  },
  welcome: { affects: '新好友可能收不到欢迎语', safe: '好友关系和标签不受影响；过期的欢迎语不会补发' },
  customers: { affects: '客户资料不是最新的', safe: '已有客户都在，恢复后从断开的地方接着同步' },
  address_book: { affects: '新同事登录、部门变动会晚些出现', safe: '加好友、发消息不受影响' },
  tags: { affects: '新打的标签还没写回企业微信', safe: '本系统里的标签都在，恢复后自动补写' },
  groups: {
    affects: '客户群的成员、群主和进退群记录会晚些出现',
    safe: '已读到的群和记录都在；恢复后整个重读一遍，漏掉的进退群按当时发现的时间补上',
  },
  channel_codes: { affects: '新建或修改的活码还没生效', safe: '已经印出去的码照常可用' },
  files: {
    affects: '新的图片、视频和文件暂时发不出去，带图的欢迎语只发文字',
    safe: '素材都存在这里；企业微信里还没到期的照常能发，恢复后自动补传',
  },
  staff_stats: {
    affects: '成员数据里的聊天数、回复占比停在前几天',
    safe: '加好友、流失和活码的数字不受影响；恢复后补上缺的日子，最多补 30 天',
  },
  tokens: { affects: '所有读写企业微信的动作', safe: '已存下的数据不受影响，恢复后自动继续' },
}

const OWN: Record<string, Words> = {
  'welcome.too_late': {
    title: '欢迎语没赶上',
    meaning: '从加好友到可以发出超过了 18 秒，企业微信的欢迎码已经失效',
    steps: ['看看当时服务器是否繁忙或断网', '给这位客户补一句问候，由成员手动发出'],
  },
  'welcome.unknown': {
    title: '欢迎语不确定有没有送达',
    meaning: '请求发出后没有等到企业微信的答复。为了不打扰客户两次，我们没有重发',
    steps: ['请成员打开会话看一眼', '没有送达就手动发一句'],
  },
  'welcome.attachment_left_out': {
    title: '欢迎语少发了附件',
    meaning: '企业微信没有接受其中的图片、链接或小程序，所以只发了文字',
    steps: ['打开这个活码，检查附件的链接和图片', '改好保存，下一位客户就会收到'],
  },
  'welcome.media_failed': {
    title: '欢迎语的图片没传上去',
    meaning: '图片要先传到企业微信才能发，这次没有成功',
    steps: ['点「重试」再传一次', '仍失败时换一张 10 MB 以内的 JPG 或 PNG'],
  },
  'files.upload_failed': {
    title: '素材文件没传到企业微信',
    meaning: '图片、视频和文件要先传到企业微信才能发，这次没有成功',
    steps: [
      '点「重试」再传一次',
      '仍失败时打开「素材库」，把最近换过的文件重新上传：图片、视频不超过 10 MB，文件不超过 20 MB',
    ],
  },
  'welcome.no_client': {
    title: '欢迎语发不出去',
    meaning: '这家企业的凭证读不出来',
    steps: ['到「设置 › 企业接入」重新填一次应用 Secret'],
  },
  'tags.not_ours': {
    title: '这个标签不能在这里改',
    meaning: '它是在企业微信后台或别的应用里建的，企业微信只允许原来的地方修改。已改回原样',
    steps: ['到企业微信后台改这个标签', '或新建一个标签来代替'],
  },
  'tags.failed': {
    title: '有标签没写到企业微信',
    meaning: '写回时出了问题，已经重试多次',
    steps: ['点「重试」再写一次', '仍失败时，把下面的技术信息发给技术同事'],
  },
  'channels.no_staff_left': {
    title: '这个码没有人接待了',
    meaning: '码后面的成员都已离职或停用，企业微信不接受空的名单，扫码会加不上人',
    steps: ['打开这个活码，换上在职的成员', '保存后立刻生效，印出去的码不用换'],
  },
  'channels.failed': {
    title: '活码没有生效',
    meaning: '新建或修改时出了问题，已经重试多次',
    steps: ['点「重试」再来一次', '仍失败时，把下面的技术信息发给技术同事'],
  },
  'callback.failed': {
    title: '有一条变更没能处理',
    meaning: '内容和预期不一样，已经重试多次',
    steps: ['点「重试」再处理一次', '仍失败时，把下面的技术信息发给技术同事'],
  },
  'sync.failed': {
    title: '同步中断了',
    meaning: '读取客户时出错，已经停在断开的地方',
    steps: ['点「重试」接着同步', '反复中断时检查服务器到企业微信的网络'],
  },
  'channels.qr_unreadable': {
    title: '活码图片没读出来',
    meaning: '企业微信返回的二维码图片下载或识别失败',
    steps: ['点「重试」重新读取', '仍失败时先用企业微信原图'],
  },
}

const NETWORK: Words = {
  title: '连不上企业微信',
  meaning: '请求没有得到答复，可能是网络中断或对方繁忙',
  steps: ['不用做什么，我们会自动重试', '超过 10 分钟还没恢复，请检查服务器能否访问企业微信'],
}

/** Puts a failure's cause into people's words: what happened, what it touches, what is safe, what to do. */
export function explainFailure(lane: Lane, cause: string): Words & { affects: string; safe: string } {
  return { ...wordsOf(cause), ...LANE_WORDS[lane] }
}

function wordsOf(cause: string): Words {
  const own = OWN[cause]
  if (own) return own
  const errcode = /^wecom\.(-?\d+)$/.exec(cause)?.[1]
  if (errcode === undefined || Number(errcode) === 0)
    return cause.startsWith('wecom.')
      ? NETWORK
      : { title: '出了点问题', meaning: cause, steps: ['点「重试」', '仍失败时，把下面的技术信息发给技术同事'] }
  const { meaningZh, adviceZh } = explainErrcode(Number(errcode))
  if (Number(errcode) === 60020) {
    return {
      title: '企业微信不认识这台服务器',
      meaning: '服务器的出口 IP 不在企业微信的「企业可信 IP」里，所以请求被拒绝',
      steps: [
        '复制下面技术信息里的 IP',
        '企业微信管理后台 → 应用管理 → 本应用 → 企业可信 IP → 配置，粘贴后保存，原来的 IP 不用删',
        '等一分钟，回来点「重新检查」',
      ],
    }
  }
  return { title: meaningZh, meaning: `企业微信返回 ${errcode}：${meaningZh}`, steps: [adviceZh, '处理好后点「重试」'] }
}
