using System.Collections;
using System.Data;
using System.Data.Common;

namespace OptimoveDC.Cmdlets.Tests.Tables;

/// <summary>A driver's reader over rows in memory: it calls the test before each row, on the thread that reads.</summary>
internal sealed class WatchedReader(DataTable table, Action<int> beforeRow) : DbDataReader
{
    private readonly DataTableReader _rows = table.CreateDataReader();

    /// <summary>How many rows were asked for.</summary>
    public int Asked { get; private set; }

    public override int FieldCount => _rows.FieldCount;

    public override int Depth => 0;

    public override bool HasRows => _rows.HasRows;

    public override bool IsClosed => _rows.IsClosed;

    public override int RecordsAffected => -1;

    public override object this[int ordinal] => _rows[ordinal];

    public override object this[string name] => _rows[name];

    public override bool Read()
    {
        beforeRow(++Asked);
        return _rows.Read();
    }

    public override bool NextResult() => _rows.NextResult();

    public override void Close() => _rows.Close();

    public override object GetValue(int ordinal) => _rows.GetValue(ordinal);

    public override int GetValues(object[] values) => _rows.GetValues(values);

    public override string GetName(int ordinal) => _rows.GetName(ordinal);

    public override int GetOrdinal(string name) => _rows.GetOrdinal(name);

    public override Type GetFieldType(int ordinal) => _rows.GetFieldType(ordinal);

    public override string GetDataTypeName(int ordinal) => _rows.GetDataTypeName(ordinal);

    public override bool IsDBNull(int ordinal) => _rows.IsDBNull(ordinal);

    public override IEnumerator GetEnumerator() => new DbEnumerator(this);

    public override bool GetBoolean(int ordinal) => _rows.GetBoolean(ordinal);

    public override byte GetByte(int ordinal) => _rows.GetByte(ordinal);

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => _rows.GetBytes(ordinal, dataOffset, buffer, bufferOffset, length);

    public override char GetChar(int ordinal) => _rows.GetChar(ordinal);

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => _rows.GetChars(ordinal, dataOffset, buffer, bufferOffset, length);

    public override DateTime GetDateTime(int ordinal) => _rows.GetDateTime(ordinal);

    public override decimal GetDecimal(int ordinal) => _rows.GetDecimal(ordinal);

    public override double GetDouble(int ordinal) => _rows.GetDouble(ordinal);

    public override float GetFloat(int ordinal) => _rows.GetFloat(ordinal);

    public override Guid GetGuid(int ordinal) => _rows.GetGuid(ordinal);

    public override short GetInt16(int ordinal) => _rows.GetInt16(ordinal);

    public override int GetInt32(int ordinal) => _rows.GetInt32(ordinal);

    public override long GetInt64(int ordinal) => _rows.GetInt64(ordinal);

    public override string GetString(int ordinal) => _rows.GetString(ordinal);
}
