package digest

// Topics of the digest, in its order.
const (
	topicRootUse  = "rootUse"
	topicSignIns  = "signIns"
	topicDenied   = "denied"
	topicNewKeys  = "newKeys"
	topicRules    = "rules"
	topicFindings = "findings"
)

var topics = []string{topicRootUse, topicSignIns, topicDenied, topicNewKeys, topicRules, topicFindings}

var topicNames = map[string]string{
	topicRootUse:  "Calls by the root user",
	topicSignIns:  "Console sign-ins without MFA",
	topicDenied:   "Denied calls",
	topicNewKeys:  "New access keys",
	topicRules:    "Rules of AWS Config that are not obeyed",
	topicFindings: "Open findings, critical or high",
}

// question is asked of the trail's log group.
type question struct {
	ID    string `json:"id"`
	Query string `json:"query"`
}

// maxRows of an answer keep it below the 256 KB that a state may hold; the most frequent come first.
const maxRows = "100"

// questions are CloudWatch Logs Insights queries. Each groups events, so that nobody can push others out of the answer by
// repeating one, and each has a query of its own, so that nobody can do so by making events of another kind. Sign-ins through
// IAM Identity Center or SAML are left out: their MFA is the identity provider's. The session of a role counts as the role.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
var questions = []question{
	{topicRootUse, `filter userIdentity.type = "Root" and not ispresent(userIdentity.invokedBy) and eventType != "AwsServiceEvent"
| stats count(*) as calls, latest(eventTime) as lastTime, latest(sourceIPAddress) as address by eventName
| sort calls desc
| limit ` + maxRows},
	{topicSignIns, `filter eventSource = "signin.amazonaws.com" and eventName = "ConsoleLogin" and responseElements.ConsoleLogin = "Success"
| filter userIdentity.type in ["IAMUser", "Root"] and (not ispresent(additionalEventData.MFAUsed) or additionalEventData.MFAUsed != "Yes")
| stats count(*) as calls, latest(eventTime) as lastTime, latest(sourceIPAddress) as address by userIdentity.arn
| sort calls desc
| limit ` + maxRows},
	{topicDenied, `filter (errorCode like /^AccessDenied/ or errorCode like /UnauthorizedOperation$/) and sourceIPAddress != "delivery.logs.amazonaws.com" and eventName != "HeadBucket"
| fields coalesce(userIdentity.sessionContext.sessionIssuer.arn, userIdentity.arn, userIdentity.principalId, userIdentity.invokedBy, userIdentity.accountId) as principal
| stats count(*) as calls, count_distinct(eventName) as kinds, latest(eventTime) as lastTime, latest(sourceIPAddress) as address by principal
| sort calls desc
| limit ` + maxRows},
	{topicNewKeys, `filter eventSource = "iam.amazonaws.com" and eventName = "CreateAccessKey" and not ispresent(errorCode)
| fields coalesce(responseElements.accessKey.userName, userIdentity.arn) as owner, coalesce(userIdentity.sessionContext.sessionIssuer.arn, userIdentity.arn) as principal
| stats count(*) as calls, latest(eventTime) as lastTime, latest(sourceIPAddress) as address by owner, principal
| sort calls desc
| limit ` + maxRows},
}
