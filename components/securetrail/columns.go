package securetrail

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// eventColumns are the fields of a CloudTrail record and their Hive types, in the order of
// https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html. Fields whose shape
// depends on the call, such as requestparameters, hold JSON text.
var eventColumns = []struct{ name, hiveType string }{
	{"eventversion", "string"},
	{"useridentity", "struct<" +
		"type:string,principalid:string,arn:string,accountid:string,invokedby:string,accesskeyid:string,username:string," +
		"onbehalfof:struct<userid:string,identitystorearn:string>," +
		"sessioncontext:struct<" +
		"attributes:struct<mfaauthenticated:string,creationdate:string>," +
		"sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,username:string>," +
		"ec2roledelivery:string," +
		"webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>>>"},
	{"eventtime", "string"},
	{"eventsource", "string"},
	{"eventname", "string"},
	{"awsregion", "string"},
	{"sourceipaddress", "string"},
	{"useragent", "string"},
	{"errorcode", "string"},
	{"errormessage", "string"},
	{"requestparameters", "string"},
	{"responseelements", "string"},
	{"additionaleventdata", "string"},
	{"requestid", "string"},
	{"eventid", "string"},
	{"readonly", "string"},
	{"resources", "array<struct<arn:string,accountid:string,type:string>>"},
	{"eventtype", "string"},
	{"apiversion", "string"},
	{"recipientaccountid", "string"},
	{"serviceeventdetails", "string"},
	{"sharedeventid", "string"},
	{"vpcendpointid", "string"},
	{"vpcendpointaccountid", "string"},
	{"eventcategory", "string"},
	{"addendum", "struct<reason:string,updatedfields:string,originalrequestid:string,originaleventid:string>"},
	{"sessioncredentialfromconsole", "string"},
	{"edgedevicedetails", "string"},
	{"tlsdetails", "struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>"},
}

// Partition columns of the table; their values are parts of the object keys that CloudTrail writes.
const (
	accountPartition = "account" // of an organization's trail only
	regionPartition  = "region"
	datePartition    = "date"
)

func columns() glue.CatalogTableStorageDescriptorColumnArray {
	described := make(glue.CatalogTableStorageDescriptorColumnArray, len(eventColumns))
	for i, column := range eventColumns {
		described[i] = glue.CatalogTableStorageDescriptorColumnArgs{
			Name: pulumi.String(column.name),
			Type: pulumi.String(column.hiveType),
		}
	}
	return described
}

func partitionKeys(names []string) glue.CatalogTablePartitionKeyArray {
	keys := make(glue.CatalogTablePartitionKeyArray, len(names))
	for i, name := range names {
		keys[i] = glue.CatalogTablePartitionKeyArgs{Name: pulumi.String(name), Type: pulumi.String("string")}
	}
	return keys
}
