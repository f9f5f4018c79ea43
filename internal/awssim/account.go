package awssim

import (
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// Account is the simulated account: everything that was deployed into it, and the
// settings that a person would make in the console.
type Account struct {
	mu   sync.Mutex
	file string
	now  func() time.Time
	// requested, when not nil, sees the requests that authorize decides about.
	requested func(policyeval.Request, policyeval.Decision)

	ID        string // 12 digits
	Partition string // aws, aws-cn or aws-us-gov
	Sequence  int    // counts the ids given out

	Settings   Settings
	IAM        iamState
	S3         s3State
	CloudTrail cloudtrailState
	Logs       logsState
	KMS        kmsState
	SNS        snsState
	SQS        sqsState
	Events     eventsState
	Pipes      pipesState
	Chatbot    chatbotState
	Alarms     alarmsState
	// Notifications is AWS User Notifications.
	Notifications notificationsState
	Glue          glueState
	Athena        athenaState
	// Config is AWS Config.
	Config    configState
	GuardDuty guarddutyState
	// SecurityHub is AWS Security Hub CSPM.
	SecurityHub securityhubState
	// AccessAnalyzer is IAM Access Analyzer.
	AccessAnalyzer accessanalyzerState
	Inspector      inspectorState
	Macie          macieState
	// Budgets is AWS Budgets.
	Budgets budgetsState
	// CostExplorer is AWS Cost Explorer and AWS Cost Anomaly Detection.
	CostExplorer costexplorerState
	// Scheduler is Amazon EventBridge Scheduler.
	Scheduler schedulerState
	// StepFunctions is AWS Step Functions.
	StepFunctions sfnState
	// EC2 is Amazon EC2, Amazon EBS and Amazon VPC.
	EC2 ec2State
	// AccountManagement is AWS Account Management.
	AccountManagement accountManagementState
}

// Settings are facts about the account that no resource of the program decides.
type Settings struct {
	// Organization is the organization the account belongs to; nil: none.
	Organization *Organization
	// OptInRegions are the opt-in Regions that somebody enabled, beside the Regions
	// that are enabled by default.
	OptInRegions []string
	// TakenAliases are account aliases that other accounts of the partition have.
	TakenAliases []string
	// DeclarativePolicies are the attributes that declarative policies of the organization
	// hold, as the policies name them: serial_console_access, image_block_public_access,
	// instance_metadata_defaults, snapshot_block_public_access.
	DeclarativePolicies []string `json:",omitempty"`
	// BillingHidden: the root user has not activated IAM access to billing, as in every
	// account that is new. IAM users and roles are refused by AWS Budgets and Cost Explorer.
	BillingHidden bool
	// CostExplorerOff: nobody has opened Cost Explorer yet, so it has no data.
	CostExplorerOff bool
	// BillingAlertsOff: nobody has switched on the preference to receive CloudWatch billing
	// alerts, so the metrics of AWS/Billing are empty.
	BillingAlertsOff bool
}

// Organization is an AWS Organizations organization as seen from the account.
type Organization struct {
	ID                string // o-…
	ManagementAccount string // 12 digits
	// CloudTrailAdministrators are member accounts registered as delegated
	// administrators of cloudtrail.amazonaws.com.
	CloudTrailAdministrators []string
	// ConfigAdministrators are member accounts registered as delegated administrators of
	// config.amazonaws.com.
	ConfigAdministrators []string
	// CloudTrailAccess tells whether trusted access for CloudTrail is enabled.
	CloudTrailAccess bool
	Accounts         []string // all member accounts, the management account included
}

// openAccount reads the account from its file or makes a new one.
func openAccount(o Options) (*Account, error) {
	a := &Account{file: o.File, now: o.Now, ID: o.AccountID, Partition: o.Partition}
	if o.File != "" {
		data, err := os.ReadFile(o.File)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return nil, fmt.Errorf("simulated account: %w", err)
		default:
			if err := json.Unmarshal(data, a); err != nil {
				return nil, fmt.Errorf("simulated account: %s is not an account file, remove it to start anew: %w", o.File, err)
			}
		}
	}
	if a.ID != o.AccountID || a.Partition != o.Partition {
		return nil, fmt.Errorf("simulated account: %s holds account %s in partition %s, not %s in %s; use another file or remove it",
			o.File, a.ID, a.Partition, o.AccountID, o.Partition)
	}
	for _, region := range a.enabledRegions() {
		a.ec2In(region)
	}
	return a, nil
}

// save writes the account to its file: completely or not at all.
func (a *Account) save() error {
	if a.file == "" {
		return nil
	}
	data, err := json.MarshalIndent(a, "", " ")
	if err != nil {
		return fmt.Errorf("simulated account: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(a.file), filepath.Base(a.file)+".*")
	if err != nil {
		return fmt.Errorf("simulated account: %w", err)
	}
	defer os.Remove(tmp.Name())
	if _, err = tmp.Write(append(data, '\n')); err == nil {
		err = tmp.Sync()
	}
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), a.file)
	}
	if err != nil {
		return fmt.Errorf("simulated account: %w", err)
	}
	return nil
}

// Update lets a test or a tool change the account as a person would in the console.
// The change is written to the file.
func (a *Account) Update(change func(*Account)) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	change(a)
	return a.save()
}

// table is a set of things by key. The zero value is ready for use.
type table[T any] map[string]*T

func (t *table[T]) put(key string, v *T) {
	if *t == nil {
		*t = table[T]{}
	}
	(*t)[key] = v
}

// regional is the key of a thing whose name is unique in its Region only.
func regional(region, name string) string { return region + "/" + name }

// arn is an ARN in the account's partition. Region and account are left out of the
// ARN by passing "".
func (a *Account) arn(service, region, account, resource string) string {
	return strings.Join([]string{"arn", a.Partition, service, region, account, resource}, ":")
}

// dnsSuffix is the domain of the partition's endpoints.
func (a *Account) dnsSuffix() string {
	if a.Partition == "aws-cn" {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

// digest is a deterministic source for ids: the account's next one.
func (a *Account) digest() []byte {
	a.Sequence++
	return digestOf(a.Partition, a.ID, a.Sequence)
}

// hexID is the next id of n hexadecimal digits, at most 64.
func (a *Account) hexID(n int) string { return hex.EncodeToString(a.digest())[:n] }

// upperID is the next id of n characters A-Z2-7, at most 52, as IAM's unique ids have.
func (a *Account) upperID(n int) string { return base32.StdEncoding.EncodeToString(a.digest())[:n] }

// uuid is the next id in the form of a random UUID.
func (a *Account) uuid() string { return uuidOf(a.digest()) }

func uuidOf(d []byte) string {
	d[6], d[8] = d[6]&0x0f|0x40, d[8]&0x3f|0x80
	h := hex.EncodeToString(d)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:32]
}

// root is the account's root user.
func (a *Account) root() policyeval.Principal {
	return policyeval.Principal{ARN: a.arn("iam", "", a.ID, "root"), Account: a.ID, Root: true}
}
