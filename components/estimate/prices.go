package estimate

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Scope is what a free allowance, and the steps of a price, are counted over.
type Scope string

// The scopes of prices.
const (
	PerAccount Scope = "account" // over all Regions together
	PerRegion  Scope = "account and Region"
)

// Step is a part of a price that falls, or rises, with quantity.
type Step struct {
	UpTo float64 // quantity up to which it holds, the free allowance left out; 0: without end
	USD  float64 // for Price.Per units
}

// Price is what AWS asks for one thing.
type Price struct {
	Service string
	What    string  // what is paid for, in plain words
	Unit    string  // what quantities count, in the plural
	Per     float64 // number of units that a step's amount is for
	Steps   []Step  // in rising order
	Free    float64 // units a month that cost nothing
	Scope   Scope   // what Free and Steps are counted over
	Trial   int     // days from the first use in which nothing is charged; 0: none

	Region    string             // Region whose price the steps are; "" when it is the same in every Region
	Elsewhere map[string]float64 // amounts of other Regions that the source gives; only for prices of one step

	Source string // page of AWS that states the price
	Via    string // copy that was read, where the page itself was not
	Read   string // day of that page or copy, as 2006-01-02
}

// priceID names a price.
type priceID string

// Where several prices come from. The pages of AWS fill in most numbers by script, so that a copy with the numbers was read:
// AWS's price list files, a transcription of the page, or a table that names the page and the month.
const (
	northVirginia = "us-east-1"
	priceLists    = "price list files of AWS, as kept in huggingface.co/datasets/labofsahil/aws-pricing-dataset"
	transcription = "transcription in github.com/api-evangelist"
	unharvested   = "list in github.com/api-evangelist/cloudwatch, which says of itself that it was not read off the page"
)

const million = 1e6

var prices = map[priceID]Price{
	"config-continuous": {
		Service: "AWS Config", What: "configuration item, recorded continuously", Unit: "items", Per: 1, Steps: []Step{{0, 0.003}}, Scope: PerRegion,
		Region: northVirginia, Source: "https://aws.amazon.com/config/pricing/", Via: "https://www.vantage.sh/blog/aws-config-pricing, whose day is not known", Read: "2026-11-22",
	},
	"config-daily": {
		Service: "AWS Config", What: "configuration item, recorded daily", Unit: "items", Per: 1, Steps: []Step{{0, 0.012}}, Scope: PerRegion,
		Region: northVirginia, Elsewhere: map[string]float64{"ap-southeast-2": 0.012},
		Source: "https://aws.amazon.com/config/pricing/", Via: priceLists, Read: "2025-09-20",
	},
	"config-evaluation": {
		Service: "AWS Config", What: "rule evaluation", Unit: "evaluations", Per: 1,
		Steps: []Step{{100_000, 0.001}, {500_000, 0.0008}, {0, 0.0005}}, Scope: PerRegion,
		Region: northVirginia, Source: "https://aws.amazon.com/config/pricing/", Via: "https://www.vantage.sh/blog/aws-config-pricing, whose day is not known", Read: "2026-11-22",
	},
	"config-pack-evaluation": {
		Service: "AWS Config", What: "evaluation by a conformance pack", Unit: "evaluations", Per: 1,
		Steps: []Step{{100_000, 0.001}, {500_000, 0.0008}, {0, 0.0005}}, Scope: PerRegion,
		Region: northVirginia, Source: "https://aws.amazon.com/config/pricing/", Via: "https://www.vantage.sh/blog/aws-config-pricing, whose day is not known", Read: "2026-11-22",
	},
	"trail-copy": {
		Service: "AWS CloudTrail", What: "second and further copies of management events", Unit: "events", Per: 100_000, Steps: []Step{{0, 2}}, Scope: PerRegion,
		Region: northVirginia, Elsewhere: map[string]float64{"ap-northeast-1": 2},
		Source: "https://aws.amazon.com/cloudtrail/pricing/", Via: priceLists, Read: "2025-09-20",
	},
	"trail-data": {
		Service: "AWS CloudTrail", What: "data event", Unit: "events", Per: 100_000, Steps: []Step{{0, 0.10}}, Scope: PerRegion,
		Region: northVirginia, Source: "https://aws.amazon.com/cloudtrail/pricing/", Via: "stored copy of the page, whose day is not known", Read: "2026-11-22",
	},
	"trail-network": {
		Service: "AWS CloudTrail", What: "network activity event", Unit: "events", Per: 100_000, Steps: []Step{{0, 0.10}}, Scope: PerRegion,
		Region: northVirginia, Elsewhere: map[string]float64{"ap-southeast-2": 0.10},
		Source: "https://aws.amazon.com/cloudtrail/pricing/", Via: priceLists, Read: "2025-09-20",
	},
	"trail-insights": {
		Service: "AWS CloudTrail", What: "event analysed by Insights, for each kind", Unit: "events", Per: 100_000, Steps: []Step{{0, 0.35}}, Scope: PerRegion,
		Region: northVirginia, Source: "https://aws.amazon.com/cloudtrail/pricing/", Via: "facts compiled from AWS's documentation; no copy with the number was at hand", Read: "2026-11-22",
	},
	"s3-storage": {
		Service: "Amazon S3", What: "storage, S3 Standard", Unit: "GB", Per: 1,
		Steps: []Step{{51_200, 0.023}, {512_000, 0.022}, {0, 0.021}}, Scope: PerRegion,
		Region: northVirginia, Source: "https://aws.amazon.com/s3/pricing/", Via: "https://gist.github.com/EverettBerry/a37438006529a55f42da6fdbc44a505c", Read: "2022-07-07",
	},
	"s3-put": {
		Service: "Amazon S3", What: "PUT request", Unit: "requests", Per: 1000, Steps: []Step{{0, 0.005}}, Scope: PerRegion,
		Region: northVirginia, Source: "https://aws.amazon.com/s3/pricing/", Via: "https://athena.guide/articles/athena-basics-pricing-model", Read: "2020-10-15",
	},
	"logs-ingestion": {
		Service: "Amazon CloudWatch Logs", What: "ingestion", Unit: "GB", Per: 1, Steps: []Step{{0, 0.50}}, Free: 5, Scope: PerAccount,
		Region: northVirginia, Source: "https://aws.amazon.com/cloudwatch/pricing/", Via: "https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/", Read: "2026-06-13",
	},
	"logs-storage": {
		Service: "Amazon CloudWatch Logs", What: "storage, compressed", Unit: "GB", Per: 1, Steps: []Step{{0, 0.03}}, Scope: PerRegion,
		Region: northVirginia, Source: "https://aws.amazon.com/cloudwatch/pricing/", Via: unharvested, Read: "2026-05-05",
	},
	"alarm": {
		Service: "Amazon CloudWatch", What: "alarm metric, standard resolution", Unit: "alarm metrics", Per: 1, Steps: []Step{{0, 0.10}}, Free: 10, Scope: PerAccount,
		Region: northVirginia, Source: "https://aws.amazon.com/cloudwatch/pricing/", Via: unharvested, Read: "2026-05-05",
	},
	"metric": {
		Service: "Amazon CloudWatch", What: "custom metric, for the hours in which it is written", Unit: "metrics", Per: 1,
		Steps: []Step{{10_000, 0.30}, {250_000, 0.10}, {million, 0.05}, {0, 0.02}}, Free: 10, Scope: PerAccount,
		Region: northVirginia, Source: "https://aws.amazon.com/cloudwatch/pricing/", Via: "https://makky12.hatenablog.com/entry/2022/11/21/120500", Read: "2022-11-21",
	},
	"dashboard": {
		Service: "Amazon CloudWatch", What: "dashboard of up to 50 metrics", Unit: "dashboards", Per: 1, Steps: []Step{{0, 3}}, Free: 3, Scope: PerAccount,
		Source: "https://aws.amazon.com/cloudwatch/pricing/", Via: "https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/", Read: "2026-06-13",
	},
	"large-dashboard": {
		Service: "Amazon CloudWatch", What: "dashboard of more than 50 metrics", Unit: "dashboards", Per: 1, Steps: []Step{{0, 3}}, Scope: PerAccount,
		Source: "https://aws.amazon.com/cloudwatch/pricing/", Via: "https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/", Read: "2026-06-13",
	},
	// The 5 GB of log data that are free a month are those of ingestion, storage and queries together; they are counted with ingestion.
	"logs-scan": {
		Service: "Amazon CloudWatch Logs", What: "log data scanned by Logs Insights", Unit: "GB", Per: 1, Steps: []Step{{0, 0.005}}, Scope: PerRegion,
		Region: northVirginia, Source: "https://aws.amazon.com/cloudwatch/pricing/", Via: "https://www.factualminds.com/blog/aws-observability-finops-cardinality-cost-control/", Read: "2026-05-08",
	},
	"kms-key": {
		Service: "AWS KMS", What: "customer-managed key", Unit: "keys", Per: 1, Steps: []Step{{0, 1}}, Scope: PerRegion,
		Source: "https://aws.amazon.com/kms/pricing/", Via: "https://cloudburn.io/blog/aws-kms-pricing", Read: "2026-03-14",
	},
	"kms-request": {
		Service: "AWS KMS", What: "request with a symmetric key", Unit: "requests", Per: 10_000, Steps: []Step{{0, 0.03}}, Free: 20_000, Scope: PerAccount,
		Region: northVirginia, Source: "https://aws.amazon.com/kms/pricing/", Via: "https://www.wring.co/blog/aws-kms-pricing-guide", Read: "2026-03-15",
	},
	"sns-publish": {
		Service: "Amazon SNS", What: "publish request", Unit: "requests", Per: million, Steps: []Step{{0, 0.50}}, Free: million, Scope: PerAccount,
		Region: northVirginia, Source: "https://aws.amazon.com/sns/pricing/", Via: "https://www.factualminds.com/blog/amazon-sns-pricing-publishes-fanout-protocols/", Read: "2026-06-13",
	},
	"sns-email": {
		Service: "Amazon SNS", What: "e-mail", Unit: "e-mails", Per: 100_000, Steps: []Step{{0, 2}}, Free: 1000, Scope: PerAccount,
		Region: northVirginia, Source: "https://aws.amazon.com/sns/pricing/", Via: "https://www.factualminds.com/blog/amazon-sns-pricing-publishes-fanout-protocols/", Read: "2026-06-13",
	},
	"sqs-request": {
		Service: "Amazon SQS", What: "request to a standard queue", Unit: "requests", Per: million, Steps: []Step{{0, 0.40}}, Free: million, Scope: PerAccount,
		Region: northVirginia, Source: "https://aws.amazon.com/sqs/pricing/", Via: "https://cloudburn.io/blog/amazon-sqs-pricing", Read: "2026-03-14",
	},
	"event-forwarded": {
		Service: "Amazon EventBridge", What: "event carried to another Region", Unit: "events", Per: million, Steps: []Step{{0, 1}}, Scope: PerRegion,
		Region: northVirginia, Source: "https://aws.amazon.com/eventbridge/pricing/", Via: "https://cloudburn.io/blog/amazon-eventbridge-pricing", Read: "2026-03-13",
	},
	"event-destination": {
		Service: "Amazon EventBridge", What: "event sent to an API destination", Unit: "events", Per: million, Steps: []Step{{0, 0.20}}, Scope: PerRegion,
		Region: northVirginia, Source: "https://aws.amazon.com/eventbridge/pricing/", Via: "https://cloudburn.io/blog/amazon-eventbridge-pricing", Read: "2026-03-13",
	},
	"pipe-request": {
		Service: "Amazon EventBridge Pipes", What: "event through a pipe", Unit: "requests", Per: million, Steps: []Step{{0, 0.40}}, Scope: PerRegion,
		Region: northVirginia, Source: "https://aws.amazon.com/eventbridge/pricing/", Via: "https://cloudburn.io/blog/amazon-eventbridge-pricing", Read: "2026-03-13",
	},
	"schedule": {
		Service: "Amazon EventBridge Scheduler", What: "invocation", Unit: "invocations", Per: million, Steps: []Step{{0, 1}}, Free: 14 * million, Scope: PerAccount,
		Region: northVirginia, Elsewhere: map[string]float64{"ap-northeast-1": 1.25},
		Source: "https://aws.amazon.com/eventbridge/pricing/", Via: priceLists, Read: "2025-09-20",
	},
	"state-transition": {
		Service: "AWS Step Functions", What: "state transition", Unit: "transitions", Per: 1000, Steps: []Step{{0, 0.025}}, Free: 4000, Scope: PerAccount,
		Region: northVirginia, Elsewhere: map[string]float64{
			"us-east-2": 0.025, "us-west-1": 0.0279, "us-west-2": 0.025, "ca-central-1": 0.025, "sa-east-1": 0.0375,
			"us-gov-east-1": 0.03, "us-gov-west-1": 0.03, "eu-west-1": 0.025, "eu-central-1": 0.025, "eu-west-2": 0.025,
			"eu-west-3": 0.0297, "eu-north-1": 0.025, "ap-southeast-1": 0.025, "ap-northeast-1": 0.025, "ap-southeast-2": 0.025,
			"ap-northeast-2": 0.0271, "ap-south-1": 0.0285,
		},
		Source: "https://aws.amazon.com/step-functions/pricing/", Via: "stored copy of the page, whose day is not known", Read: "2026-11-22",
	},
	"cost-explorer": {
		Service: "AWS Cost Explorer", What: "request, each page counts", Unit: "requests", Per: 1, Steps: []Step{{0, 0.01}}, Scope: PerAccount,
		Source: "https://aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing/", Via: priceLists, Read: "2025-09-20",
	},
	"budget-action": {
		Service: "AWS Budgets", What: "day of a budget with an action", Unit: "budget-days", Per: 1, Steps: []Step{{0, 0.10}}, Free: 62, Scope: PerAccount,
		Source: "https://aws.amazon.com/aws-cost-management/aws-budgets/pricing/", Via: priceLists, Read: "2025-09-20",
	},
	"athena-scan": {
		Service: "Amazon Athena", What: "data scanned, at least 10 MB a query", Unit: "GB", Per: 1024, Steps: []Step{{0, 5}}, Scope: PerRegion,
		Region: northVirginia, Source: "https://aws.amazon.com/athena/pricing/", Via: "https://athena.guide/articles/athena-basics-pricing-model", Read: "2020-10-15",
	},
	"guardduty-events": {
		Service: "Amazon GuardDuty", What: "management event analysed", Unit: "events", Per: million, Steps: []Step{{0, 4}}, Scope: PerRegion, Trial: 30,
		Region: northVirginia, Source: "https://aws.amazon.com/guardduty/pricing/", Via: transcription + "/amazon-guardduty", Read: "2026-10-07",
	},
	"guardduty-flow": {
		Service: "Amazon GuardDuty", What: "VPC flow and DNS logs analysed", Unit: "GB", Per: 1,
		Steps: []Step{{500, 1}, {2500, 0.50}, {0, 0.25}}, Scope: PerRegion, Trial: 30,
		Region: northVirginia, Source: "https://aws.amazon.com/guardduty/pricing/", Via: transcription + "/amazon-guardduty", Read: "2026-10-07",
	},
	"guardduty-s3": {
		Service: "Amazon GuardDuty", What: "S3 data event analysed", Unit: "events", Per: million,
		Steps: []Step{{500 * million, 0.80}, {0, 0.40}}, Scope: PerRegion, Trial: 30,
		Region: northVirginia, Source: "https://aws.amazon.com/guardduty/pricing/", Via: transcription + "/amazon-guardduty", Read: "2026-10-07",
	},
	"guardduty-eks": {
		Service: "Amazon GuardDuty", What: "EKS audit log event analysed", Unit: "events", Per: million,
		Steps: []Step{{100 * million, 1.60}, {0, 0.80}}, Scope: PerRegion, Trial: 30,
		Region: northVirginia, Source: "https://aws.amazon.com/guardduty/pricing/", Via: transcription + "/amazon-guardduty", Read: "2026-10-07",
	},
	"guardduty-runtime": {
		Service: "Amazon GuardDuty", What: "vCPU monitored all month", Unit: "vCPUs", Per: 1,
		Steps: []Step{{500, 1.50}, {0, 0.75}}, Scope: PerRegion, Trial: 30,
		Region: northVirginia, Source: "https://aws.amazon.com/guardduty/pricing/", Via: transcription + "/amazon-guardduty", Read: "2026-10-07",
	},
	"guardduty-ebs": {
		Service: "Amazon GuardDuty", What: "EBS volume scanned for malware", Unit: "GB", Per: 1, Steps: []Step{{0, 0.03}}, Scope: PerRegion, Trial: 30,
		Region: northVirginia, Source: "https://aws.amazon.com/guardduty/pricing/", Via: transcription + "/amazon-guardduty", Read: "2026-10-07",
	},
	"guardduty-rds": {
		Service: "Amazon GuardDuty", What: "vCPU of a database watched all month", Unit: "vCPUs", Per: 1, Steps: []Step{{0, 1}}, Scope: PerRegion, Trial: 30,
		Region: northVirginia, Elsewhere: map[string]float64{"eu-south-2": 1.09, "eu-central-2": 1.35},
		Source: "https://aws.amazon.com/guardduty/pricing/", Via: transcription + "/amazon-guardduty", Read: "2026-10-07",
	},
	"guardduty-lambda": {
		Service: "Amazon GuardDuty", What: "network logs of functions analysed, first 500 GB", Unit: "GB", Per: 1, Steps: []Step{{0, 1}}, Scope: PerRegion, Trial: 30,
		Region: northVirginia, Source: "https://aws.amazon.com/guardduty/pricing/", Via: transcription + "/amazon-guardduty", Read: "2026-10-07",
	},
	"guardduty-s3-malware": {
		Service: "Amazon GuardDuty", What: "new S3 objects scanned for malware", Unit: "GB", Per: 1, Steps: []Step{{0, 0.09}}, Free: 1, Scope: PerAccount,
		Region: northVirginia, Source: "https://aws.amazon.com/guardduty/pricing/", Via: transcription + "/amazon-guardduty", Read: "2026-10-07",
	},
	"guardduty-s3-malware-object": {
		Service: "Amazon GuardDuty", What: "new S3 object evaluated for malware", Unit: "objects", Per: 1000, Steps: []Step{{0, 0.215}}, Free: 1000, Scope: PerAccount,
		Region: northVirginia, Source: "https://aws.amazon.com/guardduty/pricing/", Via: transcription + "/amazon-guardduty", Read: "2026-10-07",
	},
	"security-check": {
		Service: "AWS Security Hub CSPM", What: "security check", Unit: "checks", Per: 1,
		Steps: []Step{{100_000, 0.001}, {500_000, 0.0008}, {0, 0.0005}}, Scope: PerRegion, Trial: 30,
		Region: northVirginia, Source: "https://aws.amazon.com/security-hub/cspm/pricing/",
		Via: "cost page of AWS's Greater China security team, aws-gcr-wwso-security.gitbook.io, whose day is not known", Read: "2026-11-22",
	},
	"finding-ingested": {
		Service: "AWS Security Hub CSPM", What: "finding of another service", Unit: "findings", Per: 1, Steps: []Step{{0, 0.00003}}, Free: 10_000, Scope: PerRegion, Trial: 30,
		Region: northVirginia, Source: "https://aws.amazon.com/security-hub/cspm/pricing/",
		Via: "cost page of AWS's Greater China security team, aws-gcr-wwso-security.gitbook.io, whose day is not known", Read: "2026-11-22",
	},
	"unused-access": {
		Service: "IAM Access Analyzer", What: "role or user analysed for unused access", Unit: "IAM principals", Per: 1, Steps: []Step{{0, 0.20}}, Scope: PerAccount,
		Source: "https://aws.amazon.com/iam/access-analyzer/pricing/", Via: "https://www.geeksforgeeks.org/devops/activate-unused-access-analyzer/, whose day is not known", Read: "2026-11-22",
	},
	"inspector-instance": {
		Service: "Amazon Inspector", What: "EC2 instance scanned all month", Unit: "instances", Per: 1, Steps: []Step{{0, 1.2528}}, Scope: PerRegion, Trial: 15,
		Region: "eu-west-1", Source: "https://aws.amazon.com/inspector/pricing/", Via: "https://docs-b6y.pages.dev/hld009-vulnerability-management-amazon-inspector.html", Read: "2024-07-23",
	},
	"inspector-image": {
		Service: "Amazon Inspector", What: "container image scanned when it is pushed", Unit: "images", Per: 1, Steps: []Step{{0, 0.09}}, Scope: PerRegion, Trial: 15,
		Region: "eu-west-1", Source: "https://aws.amazon.com/inspector/pricing/", Via: "https://docs-b6y.pages.dev/hld009-vulnerability-management-amazon-inspector.html", Read: "2024-07-23",
	},
	"macie-bucket": {
		Service: "Amazon Macie", What: "bucket evaluated", Unit: "buckets", Per: 1, Steps: []Step{{0, 0.10}}, Scope: PerRegion, Trial: 30,
		Region: northVirginia, Source: "https://aws.amazon.com/macie/pricing/", Via: transcription + "/amazon-macie", Read: "2026-10-07",
	},
	"macie-inspected": {
		Service: "Amazon Macie", What: "data inspected", Unit: "GB", Per: 1, Steps: []Step{{0, 1}}, Free: 1, Scope: PerAccount, Trial: 30,
		Region: northVirginia, Source: "https://aws.amazon.com/macie/pricing/", Via: transcription + "/amazon-macie", Read: "2026-10-07",
	},
}

// Prices are all prices known here, sorted by service and by what is paid for.
func Prices() []Price {
	return slices.SortedFunc(maps.Values(prices), func(a, b Price) int {
		return cmp.Or(strings.Compare(a.Service, b.Service), strings.Compare(a.What, b.What))
	})
}

// cost is what a quantity costs in a Region, from nothing on.
func (p Price) cost(quantity float64, region string, withFree bool) float64 {
	if withFree {
		quantity -= p.Free
	}
	if quantity <= 0 {
		return 0
	}
	if usd, known := p.Elsewhere[region]; known {
		return quantity / p.Per * usd
	}
	total, below := 0.0, 0.0
	for _, step := range p.Steps {
		upTo := step.UpTo
		if upTo == 0 {
			upTo = math.Inf(1)
		}
		total += (min(quantity, upTo) - below) / p.Per * step.USD
		if quantity <= upTo {
			break
		}
		below = upTo
	}
	return total
}

// regionOf is the Region whose price is taken for a Region: that Region itself where the source gives it.
func (p Price) regionOf(region string) string {
	if _, known := p.Elsewhere[region]; known || p.Region == "" {
		return region
	}
	return p.Region
}

// text is the price in words, such as "$2 for 100,000".
func (p Price) text(region string) string {
	if usd, known := p.Elsewhere[region]; known {
		return p.stepText(usd)
	}
	text := p.stepText(p.Steps[0].USD)
	if upTo := p.Steps[0].UpTo; upTo > 0 {
		text += ", less above " + count(upTo)
	}
	return text
}

// amount is a quantity with its unit.
func (l Line) amount() string {
	number := count(l.Quantity)
	if number == "1" {
		return number + " " + strings.TrimSuffix(l.Unit, "s")
	}
	return number + " " + l.Unit
}

func (p Price) stepText(usd float64) string {
	amount := "$" + strconv.FormatFloat(usd, 'f', -1, 64)
	if p.Per == 1 {
		return amount
	}
	return amount + " for " + count(p.Per)
}

// count writes a quantity with its thousands apart, and up to two digits after the point.
func count(quantity float64) string {
	text := strconv.FormatFloat(math.Round(quantity*100)/100, 'f', -1, 64)
	whole, fraction, isFraction := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if isFraction {
		return whole + "." + fraction
	}
	return whole
}
