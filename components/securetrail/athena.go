package securetrail

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/athena"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
	"github.com/seed-8894d46d/account-baseline/components/internal/policy"
)

const (
	// DefaultAthenaBytesScannedCutoff stops a query at 100 GB, about $0.50 at $5 per TB.
	DefaultAthenaBytesScannedCutoff = 100_000_000_000
	// MinAthenaBytesScannedCutoff is the least that the provider takes
	// (https://www.pulumi.com/registry/packages/aws/api-docs/athena/workgroup/).
	MinAthenaBytesScannedCutoff = 10_485_760

	eventTable    = "cloudtrail_logs" // the name that AWS's own example queries use
	engineVersion = "Athena engine version 3"
	firstDate     = "2015/01/01"
)

func (a *SecureTrailArgs) athenaProblems() (problems []error) {
	if cutoff := a.AthenaBytesScannedCutoff; cutoff != 0 && cutoff < MinAthenaBytesScannedCutoff {
		problems = append(problems, fmt.Errorf("AthenaBytesScannedCutoff: %d is below %d bytes, the least that is possible", cutoff, MinAthenaBytesScannedCutoff))
	}
	for i, arn := range a.AthenaReaders {
		if !account.PrincipalPattern.MatchString(arn) {
			problems = append(problems, fmt.Errorf("AthenaReaders[%d]: %q is no ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/audit/investigator", i, arn))
		}
	}
	return problems
}

// athenaNames are the physical names of what Athena needs; policies name them before they exist.
type athenaNames struct {
	workgroup, database, resultsBucket string
}

func (b *builder) athenaNames() athenaNames {
	return athenaNames{
		workgroup: b.prefix,
		// Names of databases know no hyphens: https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html
		database:      strings.ReplaceAll(b.prefix, "-", "_"),
		resultsBucket: b.prefix + "-athena-" + b.where.ID,
	}
}

// athenaReaders are the principals that may see the results of queries: those that may read the logs themselves.
func (b *builder) athenaReaders() []string {
	var readers []string
	if role := b.trail.Archive.ReaderRoleName; role != "" && !b.args.OmitReaders {
		readers = append(readers, b.where.IAM("role/"+role))
	}
	return append(readers, b.args.AthenaReaders...)
}

// hasAthena is false over a central bucket: only its owner can let anybody of this account read there.
func (b *builder) hasAthena() bool {
	return !b.args.OmitAthena && b.trail.Archive.OwnsBuckets && len(b.athenaReaders()) > 0
}

// newAthena makes the archive searchable on the first day. Partitions are computed from the table's properties, so that
// nothing has to add them: https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
func (b *builder) newAthena() error {
	b.trail.AthenaWorkgroup, b.trail.AthenaDatabase = none(), none()
	b.trail.AthenaQueries = pulumi.StringMap{}.ToStringMapOutput()
	if !b.hasAthena() {
		return b.explainNoAthena()
	}
	names := b.athenaNames()
	database, err := glue.NewCatalogDatabase(b.ctx, b.name+"-athena-database", &glue.CatalogDatabaseArgs{
		Name:        pulumi.String(names.database),
		Description: pulumi.String("Log files of the trail " + b.trail.Archive.TrailName),
		Tags:        b.tags,
	}, b.stateless()...)
	if err != nil {
		return err
	}
	table, err := b.newEventTable(database)
	if err != nil {
		return err
	}
	workgroup, err := b.newWorkgroup(names)
	if err != nil {
		return err
	}
	b.trail.AthenaWorkgroup, b.trail.AthenaDatabase, b.trail.HasAthena = workgroup.Name, database.Name, true
	if err := b.newNamedQueries(workgroup, database, table); err != nil {
		return err
	}
	return b.letReaderQuery(names)
}

func (b *builder) explainNoAthena() error {
	switch {
	case b.args.OmitAthena:
		return nil
	case !b.trail.Archive.OwnsBuckets:
		return b.ctx.Log.Warn("Athena is left out: the archive is a central bucket of another account, where its owner can set up Athena over all accounts; set OmitAthena to say that this is known", &pulumi.LogArgs{Resource: b.trail})
	default:
		return b.ctx.Log.Warn("Athena is left out: nobody may read its results; leave out OmitReaders, name roles in AthenaReaders, or set OmitAthena", &pulumi.LogArgs{Resource: b.trail})
	}
}

// stateless are the options of what can be made again at any time: it is not protected with the trail, because a changed
// query or table replaces the old one, and it holds no logs.
func (b *builder) stateless(after ...pulumi.Resource) []pulumi.ResourceOption {
	opts := []pulumi.ResourceOption{pulumi.Parent(b.trail), pulumi.Protect(false)}
	if len(after) > 0 {
		opts = append(opts, pulumi.DependsOn(after))
	}
	return opts
}

func (b *builder) newEventTable(database *glue.CatalogDatabase) (*glue.CatalogTable, error) {
	archive := b.trail.Archive
	at := logLocation(b.where, archive.BucketNames[0], archive.TrailKeyPrefix, archive.OrganizationID)
	return glue.NewCatalogTable(b.ctx, b.name+"-athena-table", &glue.CatalogTableArgs{
		Name:          pulumi.String(eventTable),
		DatabaseName:  database.Name,
		Description:   pulumi.String("Events that the trail " + archive.TrailName + " recorded"),
		TableType:     pulumi.String("EXTERNAL_TABLE"),
		PartitionKeys: partitionKeys(at.partitions),
		Parameters:    pulumi.ToStringMap(at.projection(b.where.Partition)),
		StorageDescriptor: glue.CatalogTableStorageDescriptorArgs{
			Location:     pulumi.String(at.base),
			Columns:      columns(),
			InputFormat:  pulumi.String("com.amazon.emr.cloudtrail.CloudTrailInputFormat"),
			OutputFormat: pulumi.String("org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"),
			SerDeInfo: glue.CatalogTableStorageDescriptorSerDeInfoArgs{
				SerializationLibrary: pulumi.String("org.apache.hive.hcatalog.data.JsonSerDe"),
			},
		},
	}, b.stateless()...)
}

// location is where CloudTrail puts log files, and which parts of their keys are partitions
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html).
type location struct {
	base       string
	template   string
	partitions []string
}

func logLocation(where account.Account, bucket, keyPrefix, organizationID string) location {
	if keyPrefix != "" {
		keyPrefix += "/"
	}
	base := "s3://" + bucket + "/" + keyPrefix + "AWSLogs/"
	column := func(name string) string { return "${" + name + "}" }
	dated := "CloudTrail/" + column(regionPartition) + "/" + column(datePartition)
	if organizationID != "" {
		base += organizationID
		return location{
			base: base, template: base + "/" + column(accountPartition) + "/" + dated,
			partitions: []string{accountPartition, regionPartition, datePartition},
		}
	}
	base += where.ID
	return location{base: base, template: base + "/" + dated, partitions: []string{regionPartition, datePartition}}
}

// projection has every Region of the partition, not only the enabled ones: a trail of all Regions also writes from those
// that are enabled later. The accounts of an organization are given by each query, because a list here would miss those
// that join later.
func (l location) projection(partitionID string) map[string]string {
	var regions []string
	if of, known := partition.ByID(partitionID); known {
		for _, region := range of.Regions() {
			regions = append(regions, region.Name)
		}
	}
	parameters := map[string]string{
		"EXTERNAL":                  "TRUE",
		"classification":            "cloudtrail",
		"projection.enabled":        "true",
		"storage.location.template": l.template,
	}
	for _, column := range l.partitions {
		switch property := "projection." + column + "."; column {
		case accountPartition:
			parameters[property+"type"] = "injected"
		case regionPartition:
			parameters[property+"type"] = "enum"
			parameters[property+"values"] = strings.Join(regions, ",")
		case datePartition:
			parameters[property+"type"] = "date"
			parameters[property+"format"] = "yyyy/MM/dd"
			parameters[property+"range"] = firstDate + ",NOW"
			parameters[property+"interval"] = "1"
			parameters[property+"interval.unit"] = "DAYS"
		}
	}
	return parameters
}

// newWorkgroup makes where queries run. It may be destroyed with its queries and their history; logs are in the archive,
// which no workgroup owns.
func (b *builder) newWorkgroup(names athenaNames) (*athena.Workgroup, error) {
	cutoff := b.args.AthenaBytesScannedCutoff
	if cutoff == 0 {
		cutoff = DefaultAthenaBytesScannedCutoff
	}
	return athena.NewWorkgroup(b.ctx, b.name+"-athena", &athena.WorkgroupArgs{
		Name:         pulumi.String(names.workgroup),
		Description:  pulumi.String("Questions to the trail " + b.trail.Archive.TrailName),
		State:        pulumi.String("ENABLED"),
		ForceDestroy: pulumi.Bool(true),
		Configuration: athena.WorkgroupConfigurationArgs{
			EnforceWorkgroupConfiguration:   pulumi.Bool(true),
			PublishCloudwatchMetricsEnabled: pulumi.Bool(true),
			BytesScannedCutoffPerQuery:      pulumi.Int(cutoff),
			RequesterPaysEnabled:            pulumi.Bool(false),
			EngineVersion: athena.WorkgroupConfigurationEngineVersionArgs{
				SelectedEngineVersion: pulumi.String(engineVersion),
			},
			ResultConfiguration: athena.WorkgroupConfigurationResultConfigurationArgs{
				OutputLocation:      pulumi.String("s3://" + names.resultsBucket + "/"),
				ExpectedBucketOwner: pulumi.String(b.where.ID),
				EncryptionConfiguration: athena.WorkgroupConfigurationResultConfigurationEncryptionConfigurationArgs{
					EncryptionOption: pulumi.String("SSE_S3"),
				},
			},
		},
		Tags: b.tags,
	}, b.stateless(b.resultsReady...)...)
}

func (b *builder) newNamedQueries(workgroup *athena.Workgroup, database *glue.CatalogDatabase, table *glue.CatalogTable) error {
	ids := pulumi.StringMap{}
	for _, query := range namedQueries {
		made, err := athena.NewNamedQuery(b.ctx, b.name+"-query-"+query.name, &athena.NamedQueryArgs{
			Name:        pulumi.String(query.name),
			Description: pulumi.String(query.title + ". " + query.use),
			Database:    database.Name,
			Workgroup:   workgroup.Name,
			Query:       pulumi.String(query.text(b.where, b.trail.Archive.OrganizationID != "")),
		}, b.stateless(table)...)
		if err != nil {
			return err
		}
		ids[query.name] = made.ID().ToStringOutput()
	}
	b.trail.AthenaQueries = ids.ToStringMapOutput()
	return nil
}

// letReaderQuery gives the reader role what running the named queries takes. Principals of AthenaReaders bring their own.
func (b *builder) letReaderQuery(names athenaNames) error {
	if b.trail.ReaderRole == nil {
		return nil
	}
	_, err := iam.NewRolePolicy(b.ctx, b.name+"-reader-athena-policy", &iam.RolePolicyArgs{
		Role: b.trail.ReaderRole.Name, Name: pulumi.String("query-logs"),
		Policy: pulumi.String(queryLogs(b.where, names).JSON()),
	}, pulumi.Parent(b.trail))
	return err
}

// queryLogs allows running queries in the workgroup over the table. It does not allow reading the logs, which readLogs does
// (https://docs.aws.amazon.com/athena/latest/ug/example-policies-workgroup.html and
// https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html).
func queryLogs(where account.Account, names athenaNames) policy.Document {
	results := where.Bucket(names.resultsBucket)
	return policy.New(policy.Statement{
		Sid: "FindWorkgroup", Effect: policy.Allow, Resource: policy.List{"*"}, // these actions know no resources
		Action: policy.List{"athena:ListDataCatalogs", "athena:ListEngineVersions", "athena:ListWorkGroups"},
	}, policy.Statement{
		Sid: "RunQueries", Effect: policy.Allow, Resource: policy.List{where.ARN("athena", "workgroup/"+names.workgroup)},
		Action: policy.List{
			"athena:BatchGetNamedQuery", "athena:BatchGetQueryExecution", "athena:GetNamedQuery", "athena:GetQueryExecution",
			"athena:GetQueryResults", "athena:GetQueryResultsStream", "athena:GetQueryRuntimeStatistics", "athena:GetWorkGroup",
			"athena:ListNamedQueries", "athena:ListQueryExecutions", "athena:StartQueryExecution", "athena:StopQueryExecution",
		},
	}, policy.Statement{
		Sid: "BrowseCatalog", Effect: policy.Allow, Resource: policy.List{where.ARN("athena", "datacatalog/AwsDataCatalog")},
		Action: policy.List{
			"athena:GetDataCatalog", "athena:GetDatabase", "athena:GetTableMetadata", "athena:ListDatabases", "athena:ListTableMetadata",
		},
	}, policy.Statement{
		Sid: "ReadTable", Effect: policy.Allow,
		Action: policy.List{"glue:GetDatabase", "glue:GetDatabases", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"},
		Resource: policy.List{
			where.ARN("glue", "catalog"),
			// Athena looks for a database of this name, whatever the query reads.
			where.ARN("glue", "database/default"),
			where.ARN("glue", "database/"+names.database),
			where.ARN("glue", "table/"+names.database+"/"+eventTable),
		},
	}, policy.Statement{
		Sid: "FindResults", Effect: policy.Allow, Resource: policy.List{results},
		Action: policy.List{"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"},
	}, policy.Statement{
		Sid: "KeepResults", Effect: policy.Allow, Resource: policy.List{results + "/*"},
		Action: policy.List{"s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"},
	})
}
