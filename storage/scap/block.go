package scap

// Block types. A capture is a sequence of blocks as in pcapng: type, length, body, length.
const (
	blockSection = 0x0A0D0D0A // the same in both byte orders
	blockMachine = 0x201

	blockThreadsV1 = 0x202
	blockThreadsV2 = 0x207
	blockThreadsV3 = 0x209
	blockThreadsV4 = 0x210
	blockThreadsV5 = 0x211
	blockThreadsV6 = 0x212
	blockThreadsV7 = 0x213
	blockThreadsV8 = 0x214
	blockThreadsV9 = 0x215

	blockFDsV1        = 0x203
	blockFDsV2        = 0x218
	blockInterfacesV1 = 0x205
	blockInterfacesV2 = 0x219
	blockUsersV1      = 0x206
	blockUsersV2      = 0x220

	blockEventV1         = 0x204
	blockFlagsEventV1    = 0x208
	blockEventV2         = 0x216
	blockFlagsEventV2    = 0x217
	blockEventLarge      = 0x221
	blockFlagsEventLarge = 0x222
)

// The codes that recorders wrote before the format was published.
const (
	blockThreadsV1Int    = 0x8000ABCD
	blockFDsV1Int        = 0x8001ABCD
	blockMachineInt      = 0x8002ABCD
	blockEventV1Int      = 0x8010ABCD
	blockInterfacesV1Int = 0x8011ABCD
	blockUsersV1Int      = 0x8012ABCD
	blockThreadsV2Int    = 0x8013ABCD
	blockThreadsV3Int    = 0x8014ABCD
)

// minBlock is the length of a block with an empty body.
const minBlock = 12

// published returns the code that has replaced an early one.
func published(typ uint32) uint32 {
	switch typ {
	case blockThreadsV1Int:
		return blockThreadsV1
	case blockFDsV1Int:
		return blockFDsV1
	case blockMachineInt:
		return blockMachine
	case blockEventV1Int:
		return blockEventV1
	case blockInterfacesV1Int:
		return blockInterfacesV1
	case blockUsersV1Int:
		return blockUsersV1
	case blockThreadsV2Int:
		return blockThreadsV2
	case blockThreadsV3Int:
		return blockThreadsV3
	}
	return typ
}

// blockKind returns what a block of the given published type holds; ok is false for a
// block that is none of a capture's.
func blockKind(typ uint32) (kind Kind, ok bool) {
	switch typ {
	case blockSection:
		return KindSection, true
	case blockMachine:
		return KindMachine, true
	case blockThreadsV1, blockThreadsV2, blockThreadsV3, blockThreadsV4, blockThreadsV5,
		blockThreadsV6, blockThreadsV7, blockThreadsV8, blockThreadsV9:
		return KindThreads, true
	case blockFDsV1, blockFDsV2:
		return KindFDs, true
	case blockInterfacesV1, blockInterfacesV2:
		return KindInterfaces, true
	case blockUsersV1, blockUsersV2:
		return KindUsers, true
	case blockEventV1, blockFlagsEventV1, blockEventV2, blockFlagsEventV2,
		blockEventLarge, blockFlagsEventLarge:
		return KindEvent, true
	}
	return 0, false
}

// Kind says what a block holds.
type Kind uint8

// The kinds of blocks.
const (
	KindSection    Kind = iota // a new section; whatever was known of the machine is void
	KindMachine                // the machine
	KindThreads                // threads, adding to or replacing those known
	KindFDs                    // the file descriptors of one thread
	KindInterfaces             // the network interfaces, replacing those known
	KindUsers                  // the users and groups, replacing those known
	KindEvent                  // an event
)
