import { randomBytes } from 'node:crypto'

/**
 * The English head of `errmsg` for each code answered here (wording of developer.work.weixin.qq.com/document/path/90313,
 * 2026-11). A client must branch on the number alone.
 */
const TEXTS: Record<number, string> = {
  [-1]: 'system error',
  40001: 'invalid credential',
  40003: 'invalid userid',
  40004: 'invalid media type',
  40005: 'invalid file type',
  40006: 'invalid meida size',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40009: 'invalid image size',
  40013: 'invalid corpid',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40031: 'invalid userid list',
  40032: 'userid list length exceeds limit',
  40035: 'invalid parameter',
  40056: 'invalid agentid',
  40058: 'invalid Request Parameter',
  40063: 'some parameters are empty',
  40066: 'invalid url',
  40068: 'invalid tagid',
  40071: 'tagname already existed',
  40096: 'invalid external userid',
  40126: 'corp tag count exceeds limit',
  41001: 'access_token missing',
  41002: 'corpid missing',
  41004: 'corpsecret missing',
  41011: 'agentid missing',
  41035: 'missing external userid',
  41037: 'missing contact way type',
  41038: 'missing contact way scene',
  41039: 'invalid contact way type',
  41040: 'invalid contact way scene',
  41041: 'contact way user count exceeds limit',
  41042: 'invalid contact way style',
  41043: 'missing contact way config_id',
  41044: 'invalid contact way config_id',
  41045: 'contact way count exceeds limit',
  41046: 'missing group msg id',
  41047: 'invalid group msg id',
  41048: 'no customer to send',
  41049: 'missing welcome code',
  41050: 'invalid welcome code',
  41051: 'customer is already in chat with the follow user',
  41059: 'missing moment id',
  41060: 'invalid moment id',
  41061: 'moment does not belong to the user',
  41062: 'moment is not published',
  41063: 'group msg task is being created',
  41064: 'attachments count exceeds limit',
  41065: 'invalid attachment type',
  41079: 'moment task is being created',
  41080: 'invalid attachment size',
  41081: 'invalid attachment resolution',
  41082: 'invalid attachment duration',
  41089: 'empty moment',
  41090: 'invalid attachment format',
  41093: 'group msg task has been cancelled',
  41094: 'remind too frequently',
  41096: 'welcome message is being sent by another app',
  41210: 'moment task count exceeds limit',
  42001: 'access_token expired',
  42003: 'oauth_code expired',
  42022: 'oauth_code has been used',
  44001: 'empty media data',
  43012: 'callback url required',
  44004: 'empty content',
  45002: 'content size out of limit',
  45008: 'article count out of limit',
  45009: 'api freq out of limit',
  45033: 'api concurrent out of limit',
  45035: 'object is being edited concurrently',
  48002: 'api forbidden',
  48009: 'api forbidden for contact-sync assistant',
  50001: 'redirect_uri unauthorized',
  50003: 'app is disabled',
  50100: 'invalid cursor',
  60011: 'no privilege to access/modify contact/party/agent',
  60020: 'not allow to access from your ip',
  60111: 'userid not found',
  60123: 'invalid party id',
  81013: 'user & party & tag all invalid',
  81017: 'too many objects requested',
  84014: 'user_ticket expired',
  84015: 'invalid user_ticket',
  84061: 'not external contact',
  84074: 'user has no external contact permission',
  301002: 'not allow operate another agent with this accesstoken',
  830002: 'file too large, use Range',
}

/** A refusal WeCom would give. `reason` is for the wire log and the person reading it. */
export class ApiFailure extends Error {
  readonly errcode: number

  constructor(errcode: number, reason = '') {
    super(reason)
    this.errcode = errcode
  }
}

let calls = 0

/** What a refused caller reads. The hint is what vendor support asks for; ours is as unique. */
export function errorBody(errcode: number, callerIp: string, warning = ''): { errcode: number; errmsg: string } {
  const hint = `[${Math.floor(Date.now() / 1000)}_${++calls % 100}_${randomBytes(16).toString('hex')}]`
  const more = `more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`
  const text = TEXTS[errcode] ?? 'error'
  return { errcode, errmsg: `${text}${warning}, hint: ${hint}, from ip: ${callerIp}, ${more}` }
}
