// Package confighistory makes searchable with Athena what AWS Config delivered: a table over the snapshots, one over the
// histories, and named queries, one of which joins a change with the call that made it. It is apart from the package
// configbaseline, so that whoever needs no Athena does not compile it.
package confighistory

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/athena"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/policy"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
)

const token = "account-baseline:index:ConfigHistory"

// ConfigHistory is the tables and queries over what AWS Config delivered.
type ConfigHistory struct {
	pulumi.ResourceState

	// Queries are the ids of the named queries by name.
	Queries pulumi.StringMapOutput `pulumi:"queries"`
}

// ConfigHistoryArgs are the arguments of NewConfigHistory.
type ConfigHistoryArgs struct {
	// Trail has the database, the workgroup and the events that the tables and queries stand beside. It must not omit Athena.
	// Required.
	Trail *securetrail.SecureTrail

	// Archive is where AWS Config delivers: it has a delivery bucket. Default: the trail's.
	Archive *logarchive.LogArchive

	// OmitReaders says that the trail has no reader role to whom the tables are opened. Default: false.
	OmitReaders bool
}

func (a *ConfigHistoryArgs) validate() error {
	if a.Trail == nil {
		return fmt.Errorf("%s: the trail is missing, in whose database and workgroup the tables and queries are", "Trail")
	}
	var problems []error
	if !a.Trail.Archive.OwnsBuckets {
		problems = append(problems, fmt.Errorf("%s: it delivers to a central bucket, over which it has no Athena; leave the history out", "Trail"))
	}
	if a.Trail.Archive.OwnsBuckets && !a.Trail.HasAthena {
		problems = append(problems, fmt.Errorf("%s: it has no Athena, beside which the tables and queries are; leave the history out", "Trail"))
	}
	if a.archive().DeliveryBucketName == "" {
		problems = append(problems, fmt.Errorf("%s: it has no delivery bucket, to which AWS Config could deliver; give the one of the ConfigBaseline", "Archive"))
	}
	return errors.Join(problems...)
}

func (a *ConfigHistoryArgs) archive() *logarchive.LogArchive {
	if a.Archive != nil {
		return a.Archive
	}
	return a.Trail.Archive
}

// NewConfigHistory registers the component and its resources, in the home Region.
func NewConfigHistory(ctx *pulumi.Context, name string, args *ConfigHistoryArgs, opts ...pulumi.ResourceOption) (*ConfigHistory, error) {
	if args == nil {
		args = &ConfigHistoryArgs{}
	}
	if err := args.validate(); err != nil {
		return nil, fmt.Errorf("config history %q: %w", name, err)
	}
	history := &ConfigHistory{}
	if err := ctx.RegisterComponentResourceV2(token, name, pulumi.Map{}, history, opts...); err != nil {
		return nil, err
	}
	where, err := account.Of(ctx, history)
	if err != nil {
		return nil, err
	}
	// What holds no data can be made again at any time.
	parent := []pulumi.ResourceOption{pulumi.Parent(history), pulumi.Protect(false)}
	var made []pulumi.Resource
	for _, table := range tables {
		created, err := glue.NewCatalogTable(ctx, name+"-"+table.child, table.args(where, args), parent...)
		if err != nil {
			return nil, err
		}
		made = append(made, created)
	}
	ids := pulumi.StringMap{}
	for _, query := range namedQueries {
		created, err := athena.NewNamedQuery(ctx, name+"-query-"+query.name, &athena.NamedQueryArgs{
			Name:        pulumi.String(query.name),
			Description: pulumi.String(query.title + ". " + query.use),
			Database:    args.Trail.AthenaDatabase,
			Workgroup:   args.Trail.AthenaWorkgroup,
			Query:       pulumi.String(query.text()),
		}, append(parent, pulumi.DependsOn(made))...)
		if err != nil {
			return nil, err
		}
		ids[query.name] = created.ID().ToStringOutput()
	}
	history.Queries = ids.ToStringMapOutput()
	if err := letReaderQuery(ctx, name, where, args, parent); err != nil {
		return nil, err
	}
	return history, ctx.RegisterResourceOutputs(history, pulumi.Map{"queries": history.Queries})
}

// letReaderQuery opens the tables to the trail's reader role, which may read the archive's objects and use the workgroup
// already.
func letReaderQuery(ctx *pulumi.Context, name string, where account.Account, args *ConfigHistoryArgs, parent []pulumi.ResourceOption) error {
	role := args.Trail.ReaderRole
	if args.OmitReaders || role == nil {
		return nil
	}
	readTables := args.Trail.AthenaDatabase.ApplyT(func(database string) string {
		resources := policy.List{where.ARN("glue", "catalog"), where.ARN("glue", "database/"+database)}
		for _, table := range tables {
			resources = append(resources, where.ARN("glue", "table/"+database+"/"+table.name))
		}
		return policy.New(policy.Statement{
			Sid: "ReadTables", Effect: policy.Allow, Resource: resources,
			Action: policy.List{"glue:GetPartition", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"},
		}).JSON()
	}).(pulumi.StringOutput)
	_, err := iam.NewRolePolicy(ctx, name+"-reader-policy", &iam.RolePolicyArgs{
		Role: role.Name, Name: pulumi.String("query-config-history"), Policy: readTables,
	}, parent...)
	return err
}
