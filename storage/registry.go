package storage

// captureTables are the tables that captures have, in the order they are listed.
var captureTables = []declaration{
	&eventsTable,
	&syscallsTable,
	&schedTable,
	&waitsTable,
	&threadsTable,
	&processesTable,
	&fdsTable,
	&connectionsTable,
	&usersTable,
	&groupsTable,
	&interfacesTable,
	&machineTable,
	&capturesTable,
	&eventTypesTable,
	&warningsTable,
}
