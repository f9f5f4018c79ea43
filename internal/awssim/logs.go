package awssim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// logsState is what CloudWatch Logs keeps; all names are unique in a Region only.
type logsState struct {
	Groups   table[logGroup]
	Policies table[logsPolicy]
	Queries  table[logsQuery]
}

type logGroup struct {
	ARN, Name, Region string // the ARN without the final :*
	Class             string
	Key               string // ARN of the KMS key
	Retention         float64
	SkipDestroy       bool
	Tags              map[string]string
	Filters           map[string]props // metric filters by name
}

type logsPolicy struct{ Name, Region, Document string }

type logsQuery struct {
	ID, Region, Name, Query string
	Groups                  []string
}

const (
	logsAPI             = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_"
	logsKeyDoc          = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"
	logsQuotaDoc        = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html"
	filtersPerGroup     = 100
	logsPoliciesMax     = 10
	logsQueriesMax      = 1000
	filterPatternMax    = 1024
	filterDimensionsMax = 3
)

// retentionDays are the retention periods that a log group can have; 0 is for ever.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
var retentionDays = []float64{
	0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
}

var logsTypes = map[string]resourceType{
	"aws:cloudwatch/logGroup:LogGroup": {
		check: checkLogGroup, create: createLogGroup, read: readLogGroup, update: updateLogGroup, delete: deleteLogGroup,
	},
	"aws:cloudwatch/logMetricFilter:LogMetricFilter": {
		check: checkMetricFilter, create: createMetricFilter, read: readMetricFilter, update: updateMetricFilter, delete: deleteMetricFilter,
	},
	"aws:cloudwatch/logResourcePolicy:LogResourcePolicy": {
		check: checkLogsPolicy, create: createLogsPolicy, read: readLogsPolicy, update: updateLogsPolicy, delete: deleteLogsPolicy,
	},
	"aws:cloudwatch/queryDefinition:QueryDefinition": {
		check: checkLogsQuery, create: createLogsQuery, read: readLogsQuery, update: updateLogsQuery, delete: deleteLogsQuery,
	},
}

var logGroupName = regexp.MustCompile(`^[.\-_/#A-Za-z0-9]{1,512}$`)

func logsInvalid(operation, format string, args ...any) error {
	return refuse("InvalidParameterException", fmt.Sprintf(format, args...), logsAPI+operation+".html")
}

func logsNoGroup(name string) error {
	return refuse("ResourceNotFoundException", "The specified log group does not exist: "+name, logsAPI+"DescribeLogGroups.html")
}

func checkLogGroup(_ *call, in props) error {
	if name := str(in, "name"); name != "" && (!logGroupName.MatchString(name) || strings.HasPrefix(name, "aws/")) {
		return logsInvalid("CreateLogGroup", "log group name %q: a name has 1 to 512 characters out of letters, digits and _-/.#, and does not begin with aws/", name)
	}
	if days, known := number(in["retentionInDays"]); known && !slices.Contains(retentionDays, days) {
		return logsInvalid("PutRetentionPolicy", "retentionInDays %v: allowed are %s", days, strings.Trim(fmt.Sprint(retentionDays), "[]"))
	}
	if err := oneOf(in, "logGroupClass", "InvalidParameterException", logsAPI+"CreateLogGroup.html", "STANDARD", "INFREQUENT_ACCESS", "DELIVERY"); err != nil {
		return err
	}
	if key := str(in, "kmsKeyId"); key != "" {
		if _, ok := splitARN(key); !ok {
			return fmt.Errorf("kmsKeyId: %q is an invalid ARN", key)
		}
	}
	return nil
}

func createLogGroup(c *call, in props) (string, props, error) {
	name := c.physicalName(in)
	g := &logGroup{
		ARN: c.arn("logs", c.Region, c.ID, "log-group:"+name), Name: name, Region: c.Region, Class: strOr(in, "logGroupClass", "STANDARD"),
		Filters: map[string]props{},
	}
	if err := c.may("logs:CreateLogGroup", g.ARN); err != nil {
		return "", nil, err
	}
	if c.Logs.Groups[regional(c.Region, name)] != nil {
		return "", nil, refuse("ResourceAlreadyExistsException", "The specified log group already exists: "+name, logsAPI+"CreateLogGroup.html")
	}
	if err := c.logGroupSet(g, in); err != nil {
		return "", nil, err
	}
	c.Logs.Groups.put(regional(c.Region, name), g)
	return name, g.props(), nil
}

// logGroupSet puts the changeable settings on a log group.
func (c *call) logGroupSet(g *logGroup, in props) error {
	changed := *g
	changed.Key, changed.Retention, changed.Tags = str(in, "kmsKeyId"), num(in, "retentionInDays"), stringMap(in, "tags")
	changed.SkipDestroy = flag(in, "skipDestroy", false)
	if changed.Key != "" && changed.Key != g.Key {
		if err := c.logsEncrypt(&changed); err != nil {
			return err
		}
	}
	*g = changed
	return nil
}

// logsEncrypt refuses unless CloudWatch Logs may use the log group's key for it.
func (a *Account) logsEncrypt(g *logGroup) error {
	if g.Key == "" {
		return nil
	}
	if parts, _ := splitARN(g.Key); parts.Region != g.Region {
		return logsInvalid("AssociateKmsKey", "The specified KMS Key Id could not be found: %s is not in Region %s.", g.Key, g.Region)
	}
	ctx := map[string][]string{
		"aws:SecureTransport":                    {"true"},
		encryptionContextPrefix + "aws:logs:arn": {g.ARN},
		"aws:SourceArn":                          {g.ARN},
		"aws:SourceAccount":                      {a.ID},
	}
	// DescribeKey is not asked for: it has no encryption context, and the documented key policy allows kms:Describe*
	// under a condition on that context only.
	for _, action := range []string{"kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey"} {
		err := a.logsMayUse(g, action, ctx)
		switch {
		case err == nil:
		case refusedAs(err, "NotFoundException"), refusedAs(err, "DisabledException"), refusedAs(err, "KMSInvalidStateException"):
			return logsInvalid("AssociateKmsKey", "The specified KMS key %s does not exist or cannot be used: %v", g.Key, err)
		default:
			return refuse("AccessDeniedException", fmt.Sprintf("The specified KMS key does not exist or is not allowed to be used with Arn '%s' (%s: %v)",
				g.ARN, action, err), logsKeyDoc)
		}
	}
	return nil
}

// logsMayUse asks the key policy about the service's principal, which in the China
// Regions is seen with either DNS suffix.
func (a *Account) logsMayUse(g *logGroup, action string, ctx map[string][]string) error {
	err := a.kmsAuthorize(g.Key, policyeval.Principal{Service: "logs." + g.Region + ".amazonaws.com"}, action, ctx)
	if err != nil && a.dnsSuffix() != "amazonaws.com" {
		return a.kmsAuthorize(g.Key, policyeval.Principal{Service: "logs." + g.Region + "." + a.dnsSuffix()}, action, ctx)
	}
	return err
}

func (g *logGroup) props() props {
	return props{
		"name": g.Name, "arn": g.ARN, "logGroupClass": g.Class, "kmsKeyId": orNil(g.Key), "retentionInDays": g.Retention,
		"skipDestroy": g.SkipDestroy, "tags": g.Tags,
	}
}

func readLogGroup(c *call, id string, _ props) (props, error) {
	g := c.Logs.Groups[regional(c.Region, id)]
	if g == nil {
		return nil, errNotFound
	}
	return g.props(), nil
}

func updateLogGroup(c *call, id string, _, in props) (props, error) {
	g := c.Logs.Groups[regional(c.Region, id)]
	if g == nil {
		return nil, logsNoGroup(id)
	}
	if err := c.may("logs:PutRetentionPolicy", g.ARN); err != nil {
		return nil, err
	}
	if err := c.logGroupSet(g, in); err != nil {
		return nil, err
	}
	return g.props(), nil
}

func deleteLogGroup(c *call, id string, state props) error {
	g := c.Logs.Groups[regional(c.Region, id)]
	if g == nil {
		return errNotFound
	}
	if flag(state, "skipDestroy", false) {
		return nil
	}
	if err := c.may("logs:DeleteLogGroup", g.ARN); err != nil {
		return err
	}
	delete(c.Logs.Groups, regional(c.Region, id))
	return nil
}
