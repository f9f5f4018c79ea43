package confighistory

import (
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

// table is a folder of the deliveries as a table.
type table struct {
	child  string // suffix of the child's name; for ever
	name   string // in the database
	folder string // in each day's folder
	what   string
}

// tables are the two kinds of files
// (https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html#granting-access-in-another-account).
var tables = []table{
	{"snapshots", "config_snapshots", "ConfigSnapshot", "All configurations at a time, by SnapshotFrequency"},
	{"changes", "config_changes", "ConfigHistory", "Every change that AWS Config recorded, every six hours"},
}

// Partition columns; their values are parts of the object keys.
const (
	regionPartition = "region"
	datePartition   = "date"
	firstDate       = "2015/1/1"
)

// itemFields are those of a configuration item, in AWS's spelling, with their Hive types. What depends on the resource's
// type holds JSON text (https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html).
var itemFields = []struct{ name, hiveType string }{
	{"configurationItemVersion", "string"},
	{"configurationItemCaptureTime", "string"},
	{"configurationStateId", "bigint"},
	{"awsAccountId", "string"},
	{"configurationItemStatus", "string"},
	{"resourceType", "string"},
	{"resourceId", "string"},
	{"resourceName", "string"},
	{"ARN", "string"},
	{"awsRegion", "string"},
	{"availabilityZone", "string"},
	{"configurationStateMd5Hash", "string"},
	{"resourceCreationTime", "string"},
	{"configuration", "string"},
	{"supplementaryConfiguration", "map<string,string>"},
	{"tags", "map<string,string>"},
}

// fileFields are those of a file.
var fileFields = []string{"fileVersion", "configSnapshotId", "configurationItems"}

func (t table) args(where account.Account, args *ConfigHistoryArgs) *glue.CatalogTableArgs {
	archive := args.archive()
	base := "s3://" + archive.DeliveryBucketName + "/"
	if archive.TrailKeyPrefix != "" {
		base += archive.TrailKeyPrefix + "/"
	}
	base += "AWSLogs/" + where.ID + "/Config"
	return &glue.CatalogTableArgs{
		Name:         pulumi.String(t.name),
		DatabaseName: args.Trail.AthenaDatabase,
		Description:  pulumi.String(t.what),
		TableType:    pulumi.String("EXTERNAL_TABLE"),
		PartitionKeys: glue.CatalogTablePartitionKeyArray{
			glue.CatalogTablePartitionKeyArgs{Name: pulumi.String(regionPartition), Type: pulumi.String("string")},
			glue.CatalogTablePartitionKeyArgs{Name: pulumi.String(datePartition), Type: pulumi.String("string")},
		},
		Parameters: pulumi.ToStringMap(projection(where.Partition, base+"/${"+regionPartition+"}/${"+datePartition+"}/"+t.folder)),
		StorageDescriptor: glue.CatalogTableStorageDescriptorArgs{
			Location:     pulumi.String(base),
			Columns:      columns(),
			InputFormat:  pulumi.String("org.apache.hadoop.mapred.TextInputFormat"),
			OutputFormat: pulumi.String("org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"),
			SerDeInfo: glue.CatalogTableStorageDescriptorSerDeInfoArgs{
				SerializationLibrary: pulumi.String("org.openx.data.jsonserde.JsonSerDe"),
				Parameters:           pulumi.ToStringMap(spelling()),
			},
		},
	}
}

// projection computes the partitions, so that nothing has to add them. The days of the folders are not padded
// (https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html).
func projection(partitionID, template string) map[string]string {
	var regions []string
	if of, known := partition.ByID(partitionID); known {
		for _, region := range of.Regions() {
			regions = append(regions, region.Name)
		}
	}
	return map[string]string{
		"EXTERNAL":                      "TRUE",
		"classification":                "json",
		"projection.enabled":            "true",
		"projection.region.type":        "enum",
		"projection.region.values":      strings.Join(regions, ","),
		"projection.date.type":          "date",
		"projection.date.format":        "yyyy/M/d",
		"projection.date.range":         firstDate + ",NOW",
		"projection.date.interval":      "1",
		"projection.date.interval.unit": "DAYS",
		"storage.location.template":     template,
	}
}

func columns() glue.CatalogTableStorageDescriptorColumnArray {
	fields := make([]string, len(itemFields))
	for i, field := range itemFields {
		fields[i] = strings.ToLower(field.name) + ":" + field.hiveType
	}
	types := map[string]string{"configurationItems": "array<struct<" + strings.Join(fields, ",") + ">>"}
	described := make(glue.CatalogTableStorageDescriptorColumnArray, len(fileFields))
	for i, name := range fileFields {
		hiveType, given := types[name]
		if !given {
			hiveType = "string"
		}
		described[i] = glue.CatalogTableStorageDescriptorColumnArgs{
			Name: pulumi.String(strings.ToLower(name)), Type: pulumi.String(hiveType),
		}
	}
	return described
}

// spelling tells the SerDe how AWS Config spells what the columns have in lower case. Ignoring case instead would make keys
// of a configuration or of tags collide that differ in it only
// (https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html).
func spelling() map[string]string {
	parameters := map[string]string{"case.insensitive": "false"}
	for _, name := range fileFields {
		parameters["mapping."+strings.ToLower(name)] = name
	}
	for _, field := range itemFields {
		if lower := strings.ToLower(field.name); lower != field.name {
			parameters["mapping."+lower] = field.name
		}
	}
	return parameters
}
