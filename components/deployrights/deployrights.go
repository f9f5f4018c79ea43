// Package deployrights derives from the resources that a stack declares the IAM policies of the role that deploys it: what
// pulumi-aws needs to create, read, update, delete and import them, and no more.
//
//	documents, err := deployrights.Policies(append(plan.Before, plan.After...), deployrights.Options{
//	    AccountID: "123456789012", Prefix: "account-baseline-dev-",
//	})
//
// What a former version or setting has declared must be deletable, too: give the resources that the stack has now beside
// those that it will have, or those of every setting that is in question.
//
// A policy narrows by name where AWS takes names, by Region everywhere else, by service where a role is passed. It cannot
// narrow what AWS gives an id of its own choosing, such as KMS keys and GuardDuty detectors, beyond the account and its
// Regions. Whoever may create roles with policies of their own choice may give themselves more: the role's trust policy
// decides who that is.
package deployrights

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

// Options say where the resources are, and what the policies are for.
type Options struct {
	// AccountID is the account's number of 12 digits. Required.
	AccountID string
	// Partition is aws (default), aws-cn or aws-us-gov.
	Partition string
	// Prefix begins the physical names of the stack, such as PROJECT-STACK-. A name that has it is covered as PREFIX*, so
	// that a setting that declares one more alarm needs no other policy. Default: every name is listed.
	Prefix string
	// ReadOnly leaves out what changes anything: enough for preview and refresh.
	ReadOnly bool
	// Roles are the ARNs of the roles that deploy, which the program looks up to learn their path. Default: any role of the
	// account may be looked up.
	Roles []string
	// StateBucket is the name of the S3 bucket that holds the state; default: the state is elsewhere. With ReadOnly it can be
	// read only: a preview works on a copy, since it would lock the stack in the bucket.
	StateBucket string
	// StateKeys are the ARNs of KMS keys that the state or its secrets are encrypted with.
	StateKeys []string
}

// Document is one managed policy.
type Document struct {
	Name string // such as records, alerts, threats or account, with a number from the second one on
	JSON string
}

// Limits of IAM: characters of a managed policy without white space, policies of a role by default and at most.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const (
	MaxCharacters   = 6144
	DefaultPolicies = 10
	MaxPolicies     = 20
)

var (
	accountID  = regexp.MustCompile(`^[0-9]{12}$`)
	partitions = []string{"aws", "aws-cn", "aws-us-gov"}
	prefix     = regexp.MustCompile(`^[A-Za-z0-9_-]{3,}$`)
	roleARN    = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]+$`)
	keyOfState = regexp.MustCompile(`^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$`)
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
)

func (o Options) validate() error {
	var problems []error
	refuse := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if !accountID.MatchString(o.AccountID) {
		refuse("field AccountID: %q is not a number of 12 digits", o.AccountID)
	}
	if !slices.Contains(partitions, o.Partition) {
		refuse("field Partition: %q is none of %s", o.Partition, strings.Join(partitions, ", "))
	}
	if o.Prefix != "" && !prefix.MatchString(o.Prefix) {
		refuse("field Prefix: %q has less than three characters, or others than letters, digits, hyphens and underscores", o.Prefix)
	}
	for i, arn := range o.Roles {
		if !roleARN.MatchString(arn) {
			refuse("field Roles[%d]: %q is not the ARN of a role", i, arn)
		}
	}
	for i, arn := range o.StateKeys {
		if !keyOfState.MatchString(arn) {
			refuse("field StateKeys[%d]: %q is not the ARN of a KMS key; an alias cannot be granted", i, arn)
		}
	}
	if o.StateBucket != "" && !bucketName.MatchString(o.StateBucket) {
		refuse("field StateBucket: %q is not the name of a bucket", o.StateBucket)
	}
	return errors.Join(problems...)
}

// Policies are the managed policies of a role that deploys the resources, in a fixed order, each within IAM's limit. It fails
// on wrong options, and on resource types whose rights are not known, all of which the error names. More than
// DefaultPolicies documents need the quota "Managed policies per role" raised.
func Policies(resources []declared.Resource, o Options) ([]Document, error) {
	if o.Partition == "" {
		o.Partition = "aws"
	}
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("deploy rights: %w", err)
	}
	if err := known(resources); err != nil {
		return nil, fmt.Errorf("deploy rights: %w", err)
	}
	documents, err := pack(statements(grants(resources, o)))
	if err != nil {
		return nil, fmt.Errorf("deploy rights: %w", err)
	}
	return documents, nil
}

func known(resources []declared.Resource) error {
	var unknown []string
	for _, r := range resources {
		if _, ok := table[r.Type]; !ok && !slices.Contains(unknown, r.Type) {
			unknown = append(unknown, r.Type)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	slices.Sort(unknown)
	return fmt.Errorf("the rights of these resource types are not known: %s; deploy them with a role of their own, or add their rights by hand",
		strings.Join(unknown, ", "))
}

// Types are the resource types whose rights are known, sorted.
func Types() []string {
	types := make([]string, 0, len(table))
	for token := range table {
		types = append(types, token)
	}
	slices.Sort(types)
	return types
}
