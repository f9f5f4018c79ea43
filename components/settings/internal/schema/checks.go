package schema

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // time zones are judged the same on machines without a database of their own
	"unicode"
	"unicode/utf8"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

// matching makes a check of a regular expression.
func matching(pattern, problem string) Check {
	re := regexp.MustCompile(pattern)
	return func(v string, _ Place) string {
		if !re.MatchString(v) {
			return problem
		}
		return ""
	}
}

func both(checks ...Check) Check {
	return func(v string, at Place) string {
		for _, c := range checks {
			if problem := c(v, at); problem != "" {
				return problem
			}
		}
		return ""
	}
}

func atMostCharacters(most int) Check {
	return func(v string, _ Place) string {
		if n := utf8.RuneCountInString(v); n > most {
			return fmt.Sprintf("has %d characters; the most is %d", n, most)
		}
		return ""
	}
}

var email = both(
	matching(`^[^@\s"<>(),;:\\]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$`, "is not an e-mail address"),
	atMostCharacters(254),
)

func httpsURL(v string, _ Place) string {
	u, err := url.Parse(v)
	switch {
	case err != nil || u.Host == "":
		return "is not a URL"
	case u.Scheme != "https":
		return "does not start with https://; EventBridge calls HTTPS endpoints only"
	case len(v) > 2048:
		return "is longer than 2048 characters"
	}
	return ""
}

func region(v string, _ Place) string {
	if _, ok := partition.Lookup(v); ok {
		return ""
	}
	return "is not a Region" + Suggestion(v, partition.RegionNames())
}

func regionOfPartition(v string, at Place) string {
	if problem := region(v, at); problem != "" {
		return problem
	}
	if p, _ := partition.Of(v); p.ID != at.Partition.ID {
		return fmt.Sprintf("is a Region of the partition %s, the home Region is in %s", p.ID, at.Partition.ID)
	}
	return ""
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
var bucketName = both(
	matching(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`, "is not a bucket name: 3 to 63 lower-case letters, digits, hyphens and dots, a letter or digit at both ends"),
	func(v string, _ Place) string {
		switch {
		case strings.Contains(v, ".."):
			return "is not a bucket name: it has two dots in a row"
		case regexp.MustCompile(`^\d+\.\d+\.\d+\.\d+$`).MatchString(v):
			return "is not a bucket name: it looks like an IP address"
		}
		for _, prefix := range []string{"xn--", "sthree-", "amzn-s3-demo-"} {
			if strings.HasPrefix(v, prefix) {
				return fmt.Sprintf("is not a bucket name: S3 reserves names that start with %s", prefix)
			}
		}
		for _, suffix := range []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
			if strings.HasSuffix(v, suffix) {
				return fmt.Sprintf("is not a bucket name: S3 reserves names that end with %s", suffix)
			}
		}
		return ""
	},
)

const bucketNameLimits = "an S3 bucket name"

// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html: at most 200 characters.
var keyPrefix = both(
	atMostCharacters(200),
	matching(`^[A-Za-z0-9!_.*'()-]+(/[A-Za-z0-9!_.*'()-]+)*$`, "is not a key prefix: letters, digits and !_.*'()- in parts joined by single slashes, no slash at either end"),
	func(v string, _ Place) string {
		if strings.HasPrefix(v, "AWSLogs") {
			return "is not a key prefix: AWSLogs is appended by the services themselves"
		}
		return ""
	},
)

// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html
var trailName = both(
	matching(`^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$`, "is not a trail name: 3 to 128 letters, digits, dots, underscores and hyphens, a letter or digit at both ends"),
	func(v string, _ Place) string {
		switch {
		case regexp.MustCompile(`[._-]{2}`).MatchString(v):
			return "is not a trail name: it has two dots, underscores or hyphens in a row"
		case regexp.MustCompile(`^\d+\.\d+\.\d+\.\d+$`).MatchString(v):
			return "is not a trail name: it looks like an IP address"
		}
		return ""
	},
)

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
var organizationID = matching(`^o-[a-z0-9]{10,32}$`, "is not an organization id: o- and 10 to 32 lower-case letters and digits")

var accountID = matching(`^\d{12}$`, "is not an account id: 12 digits")

var groupName = matching(`^[\w+=,.@-]{1,128}$`, "is not an IAM group name: 1 to 128 letters, digits and +=,.@_-")

// https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateSlackChannelConfiguration.html
var (
	slackWorkspace = matching(`^[0-9A-Z]{1,255}$`, "is not a Slack workspace id: capital letters and digits, such as T0123ABCDEF")
	slackChannel   = matching(`^[CG][0-9A-Z]{7,254}$`, "is not a Slack channel id: C or G and at least 7 capital letters and digits, as in the channel's link")
)

// arnOf makes a check of an ARN: of the home partition, of the service, its resource matching the pattern.
func arnOf(service, resource, what string) Check {
	re := regexp.MustCompile(`^` + resource + `$`)
	return func(v string, at Place) string {
		parts := strings.SplitN(v, ":", 6)
		if len(parts) != 6 || parts[0] != "arn" || parts[2] != service || !re.MatchString(parts[5]) {
			return "is not " + what
		}
		return ofPartition(parts[1], at)
	}
}

func ofPartition(id string, at Place) string {
	if id != at.Partition.ID {
		return fmt.Sprintf("is an ARN of the partition %s, the home Region is in %s", id, at.Partition.ID)
	}
	return ""
}

const iamNameCharacters = `[\w+=,.@-]+`

// deployer is a role or user as aws:PrincipalArn spells it. The ARN of a session never equals aws:PrincipalArn:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn.
func deployer(v string, at Place) string {
	if m := regexp.MustCompile(`^arn:([^:]*):sts::(\d{12}):assumed-role/([^/]+)/.+$`).FindStringSubmatch(v); m != nil {
		return fmt.Sprintf("is a session, not a principal; give the ARN of the role with its path: arn:%s:iam::%s:role/PATH/%s", m[1], m[2], m[3])
	}
	if regexp.MustCompile(`^arn:[^:]*:iam::\d{12}:root$`).MatchString(v) {
		return "is the root user, which must not deploy; give the ARN of a role"
	}
	if strings.ContainsAny(v, "*?") {
		return "has a wildcard; name each deployer in full"
	}
	return principal(`(role|user)/([\w+=,.@-]+/)*`+iamNameCharacters, "the ARN of an IAM role or user with its path")(v, at)
}

// reader may have wildcards in path and name, but must name something: role/* would admit the whole account.
func reader(v string, at Place) string {
	if problem := principal(`(role|user)/[\w+=,.@/*?-]+`, "the ARN of an IAM role or user, wildcards allowed in its path and name")(v, at); problem != "" {
		return problem
	}
	if m := regexp.MustCompile(`:(role|user)/(.*)$`).FindStringSubmatch(v); len(strings.Trim(m[2], "*?/")) < 3 {
		return fmt.Sprintf("would admit every %s; name at least three characters of the path or name", m[1])
	}
	return ""
}

func principal(resource, what string) Check {
	re := regexp.MustCompile(`^arn:([^:]*):iam::\d{12}:` + resource + `$`)
	return func(v string, at Place) string {
		m := re.FindStringSubmatch(v)
		if m == nil {
			return "is not " + what
		}
		return ofPartition(m[1], at)
	}
}

var (
	keyARN       = arnOf("kms", `key/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})`, "the ARN of a KMS key (aliases are not accepted: their key can change)")
	policyARN    = arnOf("iam", `policy/([\w+=,.@-]+/)*`+iamNameCharacters, "the ARN of an IAM policy")
	roleName     = matching(`^[\w+=,.@-]{1,64}$`, "is not an IAM role name: 1 to 64 letters, digits and +=,.@_-")
	monitorARN   = arnOf("ce", `anomalymonitor/[0-9a-f-]{36}`, "the ARN of a cost anomaly monitor")
	keyID        = matching(`^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`, "is not a KMS key id: a UUID, or mrk- and 32 hexadecimal digits")
	detectorID   = matching(`^[0-9a-f]{32}$`, "is not a detector id: 32 hexadecimal digits")
	analyzerName = matching(`^[A-Za-z][A-Za-z0-9_.-]{0,254}$`, "is not an analyzer name: a letter, then at most 254 letters, digits, dots, underscores and hyphens")
	configName   = matching(`^[\w.-]{1,256}$`, "is not a name of AWS Config: 1 to 256 letters, digits, dots, underscores and hyphens")
	resourceType = matching(`^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+$`, "is not a resource type, such as AWS::S3::Bucket")
	ruleName     = matching(`^[a-z0-9]+(-[a-z0-9]+)*$`, "is not the name of a managed rule, such as restricted-ssh")
	ruleID       = matching(`^[A-Z0-9]+(_[A-Z0-9]+)*$`, "is not the identifier of a managed rule, such as INCOMING_SSH_DISABLED")
	ownRuleName  = matching(`^[\w-]{1,89}$`, "is not a rule name: 1 to 89 letters, digits, underscores and hyphens")
	packName     = matching(`^[A-Za-z][A-Za-z0-9-]{0,50}$`, "is not a conformance pack name: a letter, then at most 50 letters, digits and hyphens")
	packTemplate = matching(`(?m)^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+|\s*"?Resources"?\s*:.*)$`, "is neither s3://bucket/key nor a template with Resources")
	filterName   = matching(`^[A-Za-z0-9._-]{3,64}$`, "is not a filter name: 3 to 64 letters, digits, dots, underscores and hyphens")
	phone        = matching(`^[\s0-9()+-]{1,25}$`, "is not a phone number: at most 25 digits, spaces and +()-")
	contactText  = both(atMostCharacters(64), notBlank)
	contactTitle = both(atMostCharacters(50), notBlank)
	contactEmail = both(matching(`^[\w+=.#|!&-]+@[\w.-]+\.\w+$`, "is not an e-mail address"), atMostCharacters(254))
	accountAlias = both(
		matching(`^[a-z0-9]+(-[a-z0-9]+)*$`, accountAliasLimits),
		matching(`^.{3,63}$`, accountAliasLimits),
		matching(`[a-z-]|^[0-9]{3,11}$|^[0-9]{13,}$`, accountAliasLimits),
	)
	externalID    = both(matching(`^[\w+=,.@:/-]{2,}$`, "is not an external id: 2 to 1224 letters, digits and +=,.@:/_-"), atMostCharacters(1224))
	vpcID         = matching(`^vpc-([0-9a-f]{8}|[0-9a-f]{17})$`, "is not a VPC id, such as vpc-0123456789abcdef0")
	trusted       = principal(`(role|user)/([\w+=,.@-]+/)*`+iamNameCharacters, "the ARN of an IAM role or user with its path")
	parameterName = matching(`^[A-Za-z0-9]{1,64}$`, "is not a parameter name: 1 to 64 letters and digits")
	serviceName   = both(atMostCharacters(100), notBlank)
	findingField  = matching(`^(accountId|arn|confidence|id|region|severity|type|updatedAt|(resource|service)(\.[A-Za-z0-9]+)+)$`, "is not a field of a finding, such as resource.instanceDetails.instanceId")
	filterKey     = matching(`^(resource|resourceType|resourceOwnerAccount|findingType|id|error|isPublic|resourceControlPolicyRestriction|(principal|condition)\.[^\s"]+)$`, "is not a filter key of archive rules, such as principal.AWS")
	controlID     = matching(`^[A-Za-z0-9]+\.[0-9]+$`, "is not a control, such as IAM.6")
	listLocation  = matching(`^(s3://[^\s"/]+|https://s3[.-]([a-z0-9-]+\.)?amazonaws\.com(\.cn)?/[^\s"/]+|https://[^\s"/]+\.s3[.-]([a-z0-9-]+\.)?amazonaws\.com(\.cn)?)/[^\s"]+$`, "is not the URL of an object, such as s3://BUCKET/KEY")
	reason        = both(matching(`^[^\x00-\x1f]*$`, "has a line break or another control character; write it in one line"), notBlank, atMostCharacters(512))
	anyText       = notBlank
)

const accountAliasLimits = "is not an account alias: 3 to 63 lower-case letters, digits and single hyphens, a letter or digit at both ends, not 12 digits"

func notBlank(v string, _ Place) string {
	if strings.TrimSpace(v) == "" {
		return "is blank"
	}
	return ""
}

// anARN accepts any ARN of the home partition.
func anARN(v string, at Place) string {
	parts := strings.SplitN(v, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] == "" || parts[5] == "" {
		return "is not an ARN"
	}
	return ofPartition(parts[1], at)
}

func timeZone(v string, _ Place) string {
	if _, err := time.LoadLocation(v); err != nil || v == "" || v == "Local" {
		return "is not a time zone of the IANA database, such as Asia/Tokyo"
	}
	return ""
}

// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html#id_tags_naming_best_practices
func tagKey(v string, _ Place) string {
	n := utf8.RuneCountInString(v)
	switch {
	case n < 1 || n > 128:
		return fmt.Sprintf("is not a tag key: it has %d characters, 1 to 128 are allowed", n)
	case strings.HasPrefix(strings.ToLower(v), "aws:"):
		return "is not a tag key: AWS reserves keys that start with aws:"
	case v == "pulumi:project" || v == "pulumi:stack":
		return "is not a tag key of yours: the baseline gives it to every resource"
	}
	return tagCharacters(v, "key")
}

func tagValue(v string, _ Place) string {
	if n := utf8.RuneCountInString(v); n > 256 {
		return fmt.Sprintf("is not a tag value: it has %d characters, the most is 256", n)
	}
	return tagCharacters(v, "value")
}

func tagCharacters(v, what string) string {
	for _, r := range v {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsSpace(r) && !strings.ContainsRune("_.:/=+-@", r) {
			return fmt.Sprintf("is not a tag %s: %q is not allowed in it; letters, digits, spaces and _.:/=+-@ are", what, r)
		}
	}
	return ""
}

// logRetention are the retention times of CloudWatch Logs in days; 0 keeps for ever:
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html.
var logRetention = []int{0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
