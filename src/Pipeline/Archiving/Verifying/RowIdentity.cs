namespace Pipeline.Archiving.Verifying;

/// <summary>A row of a row group and the identity of its event.</summary>
internal readonly record struct RowIdentity(int Row, UInt128 Identity);
