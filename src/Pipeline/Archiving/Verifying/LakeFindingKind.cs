namespace Pipeline.Archiving.Verifying;

/// <summary>What can be wrong with a lake.</summary>
public enum LakeFindingKind
{
    /// <summary>There is no file to check.</summary>
    EmptyLake,

    /// <summary>A file that is no part of the lake.</summary>
    ForeignFile,

    /// <summary>A folder that is no part of the lake.</summary>
    ForeignFolder,

    /// <summary>Temporary files of a writer that is gone.</summary>
    LeftOver,

    /// <summary>A file or folder that we may not read, or the disk does not let us.</summary>
    Inaccessible,

    /// <summary>Not a whole Parquet file, or it does not decode.</summary>
    Unreadable,

    /// <summary>The bytes are not those that were written.</summary>
    Damaged,

    /// <summary>Without a checksum: not written by the pipeline.</summary>
    NotSealed,

    /// <summary>Written for another table than the one whose folder it lies in.</summary>
    WrongTable,

    /// <summary>Columns other than the table's.</summary>
    WrongSchema,

    /// <summary>Compressed otherwise than with zstd.</summary>
    WrongCompression,

    /// <summary>Rows of another hour.</summary>
    WrongHour,

    /// <summary>Rows that no event can have become.</summary>
    InvalidRow,

    /// <summary>A compacted file whose windows are not those of its name, or do not add up to its rows.</summary>
    WrongWindows,

    /// <summary>An event that the lake holds twice.</summary>
    DuplicateRow,

    /// <summary>A manifest names a file that is not there.</summary>
    MissingFile,

    /// <summary>A manifest counts other rows than its files hold.</summary>
    WrongRowCount,

    /// <summary>A manifest that cannot be read.</summary>
    BadManifest,
}
