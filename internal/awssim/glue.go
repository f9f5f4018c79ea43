package awssim

import (
	"fmt"
	"slices"
	"strings"
)

// glueState is what the AWS Glue Data Catalog keeps, under regional names. Names of tables follow that of their database.
type glueState struct {
	Databases table[glueDatabase]
	Tables    table[glueTable]
}

type glueDatabase struct {
	Name, Region string
	Properties   props
}

type glueTable struct {
	Name, Database, Region string
	Properties             props
}

const (
	glueDatabaseDoc = "https://docs.aws.amazon.com/glue/latest/webapi/API_CreateDatabase.html"
	glueTableDoc    = "https://docs.aws.amazon.com/glue/latest/webapi/API_CreateTable.html"
	glueNameMax     = 255
)

// glueTableTypes are the kinds of table that Athena reads.
var glueTableTypes = []string{"", "EXTERNAL_TABLE", "VIRTUAL_VIEW"}

var glueTypes = map[string]resourceType{
	"aws:glue/catalogDatabase:CatalogDatabase": {
		check:  func(_ *call, in props) error { return glueName(in, "name", glueDatabaseDoc) },
		create: createGlueDatabase,
		read:   readGlueDatabase,
		update: updateGlueDatabase,
		delete: deleteGlueDatabase,
	},
	"aws:glue/catalogTable:CatalogTable": {
		check:  checkGlueTable,
		create: createGlueTable,
		read:   readGlueTable,
		update: updateGlueTable,
		delete: deleteGlueTable,
	},
}

func glueInvalid(format string, args ...any) error {
	return refuse("InvalidInputException", fmt.Sprintf(format, args...), glueTableDoc)
}

// glueName refuses names that the catalog would change: it keeps them in lower case.
func glueName(in props, key, doc string) error {
	name := str(in, key)
	switch {
	case name == "":
		return nil
	case len(name) > glueNameMax:
		return refuse("ValidationException", fmt.Sprintf("%s: %d characters, at most %d are allowed", key, len(name), glueNameMax), doc)
	case name != strings.ToLower(name):
		return refuse("ValidationException", fmt.Sprintf("%s: %q: uppercase characters cannot be used", key, name), doc)
	case strings.ContainsAny(name, "\n\r\x00"):
		return refuse("ValidationException", fmt.Sprintf("%s: %q is not a single line", key, name), doc)
	}
	return nil
}

func (c *call) glueDatabaseARN(name string) string {
	return c.arn("glue", c.Region, c.ID, "database/"+name)
}

func (c *call) glueTableARN(database, name string) string {
	return c.arn("glue", c.Region, c.ID, "table/"+database+"/"+name)
}

// glueMay asks for an action on the catalog and on what is below it
// (https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html).
func (c *call) glueMay(action string, below ...string) error {
	for _, resource := range append([]string{c.arn("glue", c.Region, c.ID, "catalog")}, below...) {
		if err := c.may(action, resource); err != nil {
			return err
		}
	}
	return nil
}

// glueID takes the account off an id such as 123456789012:database:table.
func (c *call) glueID(id string, parts int) ([]string, bool) {
	split := strings.Split(id, ":")
	return split[1:], len(split) == parts+1 && split[0] == c.ID
}

func createGlueDatabase(c *call, in props) (string, props, error) {
	name := c.physicalName(in)
	if err := c.glueMay("glue:CreateDatabase", c.glueDatabaseARN(name)); err != nil {
		return "", nil, err
	}
	if c.Glue.Databases[regional(c.Region, name)] != nil {
		return "", nil, refuse("AlreadyExistsException", "Database already exists.", glueDatabaseDoc)
	}
	database := &glueDatabase{Name: name, Region: c.Region, Properties: stored(in)}
	c.Glue.Databases.put(regional(c.Region, name), database)
	return c.ID + ":" + name, c.databaseOutputs(database), nil
}

func (c *call) databaseOutputs(d *glueDatabase) props {
	out := withDefaults(d.Properties, props{"catalogId": c.ID})
	out["name"], out["arn"] = d.Name, c.glueDatabaseARN(d.Name)
	return out
}

func (c *call) glueDatabase(id string) (*glueDatabase, error) {
	parts, ok := c.glueID(id, 1)
	if !ok || c.Glue.Databases[regional(c.Region, parts[0])] == nil {
		return nil, errNotFound
	}
	return c.Glue.Databases[regional(c.Region, parts[0])], nil
}

func readGlueDatabase(c *call, id string, _ props) (props, error) {
	database, err := c.glueDatabase(id)
	if err != nil {
		return nil, err
	}
	if err := c.glueMay("glue:GetDatabase", c.glueDatabaseARN(database.Name)); err != nil {
		return nil, err
	}
	return c.databaseOutputs(database), nil
}

func updateGlueDatabase(c *call, id string, _, in props) (props, error) {
	database, err := c.glueDatabase(id)
	if err != nil {
		return nil, err
	}
	if err := c.glueMay("glue:UpdateDatabase", c.glueDatabaseARN(database.Name)); err != nil {
		return nil, err
	}
	database.Properties = stored(in)
	return c.databaseOutputs(database), nil
}

// deleteGlueDatabase takes the tables along, as the catalog does.
func deleteGlueDatabase(c *call, id string, _ props) error {
	database, err := c.glueDatabase(id)
	if err != nil {
		return err
	}
	if err := c.glueMay("glue:DeleteDatabase", c.glueDatabaseARN(database.Name)); err != nil {
		return err
	}
	for key, t := range c.Glue.Tables {
		if t.Database == database.Name && t.Region == c.Region {
			delete(c.Glue.Tables, key)
		}
	}
	delete(c.Glue.Databases, regional(c.Region, database.Name))
	return nil
}

func checkGlueTable(_ *call, in props) error {
	for _, key := range []string{"name", "databaseName"} {
		if err := glueName(in, key, glueTableDoc); err != nil {
			return err
		}
	}
	if kind := str(in, "tableType"); !slices.Contains(glueTableTypes, kind) {
		return glueInvalid("tableType: %q is none of %s", kind, strings.Join(glueTableTypes[1:], ", "))
	}
	seen := map[string]bool{}
	for place, columns := range map[string][]props{
		"storageDescriptor.columns": objects(object(in, "storageDescriptor"), "columns"),
		"partitionKeys":             objects(in, "partitionKeys"),
	} {
		for _, column := range columns {
			name := str(column, "name")
			if seen[name] && name != "" {
				return refuse("HIVE_INVALID_METADATA", fmt.Sprintf("%s: table descriptor contains duplicate columns: %s", place, name), athenaNamesDoc)
			}
			seen[name] = true
			if kind := str(column, "type"); kind != "" {
				if err := hiveType(kind); err != nil {
					return refuse("HIVE_INVALID_METADATA", fmt.Sprintf("%s: column %s: %v", place, name, err), athenaTypesDoc)
				}
			}
		}
	}
	return checkProjection(in)
}

func createGlueTable(c *call, in props) (string, props, error) {
	name, database := c.physicalName(in), str(in, "databaseName")
	if err := c.glueMay("glue:CreateTable", c.glueDatabaseARN(database), c.glueTableARN(database, name)); err != nil {
		return "", nil, err
	}
	if c.Glue.Databases[regional(c.Region, database)] == nil {
		return "", nil, refuse("EntityNotFoundException", fmt.Sprintf("Database %s not found.", database), glueTableDoc)
	}
	key := regional(c.Region, database+"/"+name)
	if c.Glue.Tables[key] != nil {
		return "", nil, refuse("AlreadyExistsException", "Table already exists.", glueTableDoc)
	}
	t := &glueTable{Name: name, Database: database, Region: c.Region, Properties: stored(in)}
	c.Glue.Tables.put(key, t)
	return c.ID + ":" + database + ":" + name, c.tableOutputs(t), nil
}

func (c *call) tableOutputs(t *glueTable) props {
	out := withDefaults(t.Properties, props{"catalogId": c.ID})
	out["name"], out["databaseName"], out["arn"] = t.Name, t.Database, c.glueTableARN(t.Database, t.Name)
	return out
}

func (c *call) glueTable(id string) (*glueTable, error) {
	parts, ok := c.glueID(id, 2)
	if !ok || c.Glue.Tables[regional(c.Region, parts[0]+"/"+parts[1])] == nil {
		return nil, errNotFound
	}
	return c.Glue.Tables[regional(c.Region, parts[0]+"/"+parts[1])], nil
}

func readGlueTable(c *call, id string, _ props) (props, error) {
	t, err := c.glueTable(id)
	if err != nil {
		return nil, err
	}
	if err := c.glueMay("glue:GetTable", c.glueDatabaseARN(t.Database), c.glueTableARN(t.Database, t.Name)); err != nil {
		return nil, err
	}
	return c.tableOutputs(t), nil
}

func updateGlueTable(c *call, id string, _, in props) (props, error) {
	t, err := c.glueTable(id)
	if err != nil {
		return nil, err
	}
	if err := c.glueMay("glue:UpdateTable", c.glueDatabaseARN(t.Database), c.glueTableARN(t.Database, t.Name)); err != nil {
		return nil, err
	}
	t.Properties = stored(in)
	return c.tableOutputs(t), nil
}

func deleteGlueTable(c *call, id string, _ props) error {
	t, err := c.glueTable(id)
	if err != nil {
		return err
	}
	if err := c.glueMay("glue:DeleteTable", c.glueDatabaseARN(t.Database), c.glueTableARN(t.Database, t.Name)); err != nil {
		return err
	}
	delete(c.Glue.Tables, regional(c.Region, t.Database+"/"+t.Name))
	return nil
}
