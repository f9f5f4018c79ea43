// Package account tells a component where it is deployed: which account, partition and Region, and what tags all carry there.
package account

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

// Account is the account and Region that a component's own provider works in.
type Account struct {
	ID        string // 12 digits
	Partition string // aws, aws-cn or aws-us-gov
	Region    string // such as ap-northeast-1
	Caller    string // ARN of who deploys: an IAM user, a session of a role (without the role's path), or the root user
}

// Of asks AWS, with the provider of the given component, where that component is deployed.
func Of(ctx *pulumi.Context, component pulumi.Resource) (Account, error) {
	parent := pulumi.Parent(component)
	caller, err := aws.GetCallerIdentity(ctx, &aws.GetCallerIdentityArgs{}, parent)
	if err != nil {
		return Account{}, fmt.Errorf("asking AWS for the account: %w", err)
	}
	partition, err := aws.GetPartition(ctx, &aws.GetPartitionArgs{}, parent)
	if err != nil {
		return Account{}, fmt.Errorf("asking AWS for the partition: %w", err)
	}
	region, err := aws.GetRegion(ctx, &aws.GetRegionArgs{}, parent)
	if err != nil {
		return Account{}, fmt.Errorf("asking AWS for the Region: %w", err)
	}
	return Account{ID: caller.AccountId, Partition: partition.Partition, Region: region.Name, Caller: caller.Arn}, nil
}

// ARN is the ARN of a resource in the account's Region.
func (a Account) ARN(service, resource string) string {
	return a.ARNIn(a.Region, service, resource)
}

// ARNIn is the ARN of a resource in another Region of the account.
func (a Account) ARNIn(region, service, resource string) string {
	return fmt.Sprintf("arn:%s:%s:%s:%s:%s", a.Partition, service, region, a.ID, resource)
}

// IAM is the ARN of an IAM entity of the account, such as role/ci/deployer.
func (a Account) IAM(resource string) string {
	return fmt.Sprintf("arn:%s:iam::%s:%s", a.Partition, a.ID, resource)
}

// Root is the ARN that stands for the account itself in a resource policy.
func (a Account) Root() string { return a.IAM("root") }

// ManagedPolicy is the ARN of a policy that AWS manages.
func (a Account) ManagedPolicy(name string) string {
	return fmt.Sprintf("arn:%s:iam::aws:policy/%s", a.Partition, name)
}

// DNSSuffix ends the names of the partition's endpoints and of some service principals.
func (a Account) DNSSuffix() string {
	in, _ := partition.ByID(a.Partition)
	return in.DNSSuffix
}

// LogsService is the service principal of CloudWatch Logs in the account's Region.
func (a Account) LogsService() string { return "logs." + a.Region + "." + a.DNSSuffix() }

// Bucket is the ARN of a bucket; objects are Bucket(name + "/key").
func (a Account) Bucket(name string) string {
	return fmt.Sprintf("arn:%s:s3:::%s", a.Partition, name)
}
