using System.Data;
using System.Diagnostics.CodeAnalysis;

namespace OptimoveDC.Cmdlets.Tests.Tables;

/// <summary>A reader that is an <see cref="IDataReader"/> and nothing more, as old drivers have them.</summary>
internal class PlainReader(DataTable table) : IDataReader
{
    private readonly DataTableReader _rows = table.CreateDataReader();
    private int _row;

    /// <summary>The row, from 1, and the column, from 0, whose value the driver can't give.</summary>
    public (int Row, int Column)? FailsAt { get; init; }

    public int FieldCount => _rows.FieldCount;

    public int Depth => 0;

    public bool IsClosed => _rows.IsClosed;

    public int RecordsAffected => -1;

    public object this[int i] => GetValue(i);

    public object this[string name] => GetValue(GetOrdinal(name));

    public bool Read()
    {
        _row++;
        return _rows.Read();
    }

    public object GetValue(int i) => FailsAt == (_row, i) ? throw new OverflowException("The number does not fit.") : _rows.GetValue(i);

    public virtual string GetName(int i) => _rows.GetName(i);

    public int GetOrdinal(string name) => _rows.GetOrdinal(name);

    public bool IsDBNull(int i) => _rows.IsDBNull(i);

    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties)]
    public Type GetFieldType(int i) => _rows.GetFieldType(i);

    public bool NextResult() => _rows.NextResult();

    public void Close() => _rows.Close();

    public void Dispose()
    {
        _rows.Dispose();
        GC.SuppressFinalize(this);
    }

    public int GetValues(object[] values) => throw new NotSupportedException();

    public DataTable? GetSchemaTable() => throw new NotSupportedException();

    public bool GetBoolean(int i) => throw new NotSupportedException();

    public byte GetByte(int i) => throw new NotSupportedException();

    public long GetBytes(int i, long fieldOffset, byte[]? buffer, int bufferoffset, int length) => throw new NotSupportedException();

    public char GetChar(int i) => throw new NotSupportedException();

    public long GetChars(int i, long fieldoffset, char[]? buffer, int bufferoffset, int length) => throw new NotSupportedException();

    public IDataReader GetData(int i) => throw new NotSupportedException();

    public string GetDataTypeName(int i) => throw new NotSupportedException();

    public DateTime GetDateTime(int i) => throw new NotSupportedException();

    public decimal GetDecimal(int i) => throw new NotSupportedException();

    public double GetDouble(int i) => throw new NotSupportedException();

    public float GetFloat(int i) => throw new NotSupportedException();

    public Guid GetGuid(int i) => throw new NotSupportedException();

    public short GetInt16(int i) => throw new NotSupportedException();

    public int GetInt32(int i) => throw new NotSupportedException();

    public long GetInt64(int i) => throw new NotSupportedException();

    public string GetString(int i) => throw new NotSupportedException();
}

/// <summary>A reader whose columns have other names, as a query gives them.</summary>
internal sealed class RenamedReader(DataTable table, string[] names) : PlainReader(table)
{
    public override string GetName(int i) => names[i];
}
